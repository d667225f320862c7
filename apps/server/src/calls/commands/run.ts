import type { Command } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import type { CommandScene, Outcome } from "../scene.ts";
import { runInvite } from "./invite.ts";
import { runAccept, runAlerting, runEnd } from "./lifecycle.ts";
import { runReattach } from "./reattach.ts";
import { runRelay } from "./relay.ts";
import { runCandidates, runDescription, runMediaState } from "./signals.ts";

/** Executes one command. Refusals are thrown as `ServerError` and become the result's `error`. PROTOCOL 1.5. */
export async function runCommand(scene: CommandScene, action: Command["action"]): Promise<Outcome> {
  switch (action.case) {
    case "invite":
      return await runInvite(scene, action.value);
    case "alerting":
      return await runAlerting(scene, action.value);
    case "accept":
      return await runAccept(scene, action.value);
    case "end":
      return await runEnd(scene, action.value);
    case "description":
      return await runDescription(scene, action.value);
    case "candidates":
      return await runCandidates(scene, action.value);
    case "mediaState":
      return await runMediaState(scene, action.value);
    case "relay":
      return await runRelay(scene, action.value);
    case "presenceSubscribe":
      if (!scene.identity.scopes.presence) {
        throw new ServerError(
          "not-allowed",
          'This token may not see presence. Issue one with the scope "presence".',
        );
      }
      scene.effects.push({ type: "presence.subscribe", key: scene.key, subscribe: action.value });
      return { applied: true };
    case "presenceSet":
      scene.effects.push({ type: "presence.set", key: scene.key, set: action.value });
      return { applied: true };
    case "reattach":
      return await runReattach(scene, action.value);
    case undefined:
      throw new ServerError(
        "unimplemented",
        "This server does not know the command. Set `action` to one it knows.",
        {
          field: "action",
        },
      );
  }
}
