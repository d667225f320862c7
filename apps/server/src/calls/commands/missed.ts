import type { Decision } from "@peerline/call-machine/record";
import type { UserEntry } from "../../session/user-entry.ts";
import type { CallEntry } from "../call-entry.ts";
import { encodeEvent } from "../call-event.ts";
import { callState } from "../call-state.ts";
import type { CommandScene } from "../scene.ts";

/** Nobody was rung, though the caller may ring this callee. */
export function isMissed({ refusal }: Decision): boolean {
  return refusal === "busy" || refusal === "unreachable";
}

/** The callee learns of a call that never rang: at once, or when its page is back at its mailbox. PROTOCOL 2.7 row 18. */
export function tellMissed(scene: CommandScene, entry: CallEntry, callee: UserEntry | undefined): void {
  for (const { key, policy } of callee?.endpoints ?? []) {
    if (policy !== "ring" || key === scene.key) continue;
    const call = callState(entry, { key, now: scene.now });
    scene.transaction.append(key, encodeEvent({ case: "missed", value: { call } }, scene.now, entry.record));
  }
}
