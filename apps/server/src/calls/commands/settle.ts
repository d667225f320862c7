import type { Decision } from "@peerline/call-machine/record";
import type { Description } from "@peerline/protocol";
import type { CallEntry } from "../call-entry.ts";
import { callState } from "../call-state.ts";
import { commitDecision, noteChange } from "../commit.ts";
import type { CommandScene, Outcome } from "../scene.ts";

/**
 * Commits what the record decided about a command and tells its sender. `before` is the call as it was found,
 * `prepared` the same with the payloads that the command brought.
 */
export async function settle(
  scene: CommandScene,
  before: CallEntry | undefined,
  prepared: CallEntry,
  decision: Decision,
  extra: { readonly earlyAnswer?: Description } = {},
): Promise<Outcome> {
  const written = await commitDecision(scene, prepared, decision, extra);
  noteChange(scene, before?.record, written.record);
  const view = { key: scene.key, now: scene.now, refusal: decision.refusal };
  const ticket = scene.services.tickets.issue(written, scene.key);
  return { applied: decision.applied, state: callState(written, view), ...(ticket && { ticket }) };
}
