import { nextDeadline } from "@peerline/call-machine/record";
import {
  type CallEntry,
  callKey,
  defaultServerLimits,
  defaultServerTimers,
  type Scene,
  type Services,
  type UserEntry,
  userKey,
} from "@peerline/server/testing";
import { type Actor, actorAt } from "../names.ts";
import { recordsOf, type ServerInput, type ServerState } from "./state.ts";
import { plainTickets } from "./tickets.ts";
import { type Attempt, epochHex } from "./transaction.ts";

/** Every step happens at this moment, but for the deadlines that pass. */
export const nowMs = 1_000_000_000;
const longAgoMs = 0;

/** What the server's commands work with, for one step. */
export function sceneOf(
  actors: readonly Actor[],
  attempt: Attempt,
  server: ServerState,
  input: ServerInput,
): Scene {
  const parties = partyNames(actors, server, input);
  const services = {
    config: { timers: defaultServerTimers, limits: defaultServerLimits },
    ids: { epoch: () => epochHex, party: () => parties.shift() ?? "", random: () => 0 },
    policy: { mayCall: async () => "ring", contactsOf: () => "everyone" },
    store: { emptySince: server.isCold ? nowMs : longAgoMs },
    tickets: plainTickets,
    // What a command uses of the services; the rest is the runtime's.
  } as unknown as Services;
  return { transaction: attempt.transaction, services, now: timeOf(server, input), effects: [] };
}

function timeOf(server: ServerState, input: ServerInput): number {
  if (input.type !== "ringExpired") return nowMs;
  const entry = server.values[callKey(input.callId).name] as CallEntry | undefined;
  return (entry && nextDeadline(entry.record)) ?? nowMs;
}

/** A party is named like its endpoint, so that a name says the same in every state. */
function partyNames(actors: readonly Actor[], server: ServerState, input: ServerInput): string[] {
  if (input.type === "hello") {
    const { token } = actorAt(actors, input.from);
    return recordsOf(server).map(() => token);
  }
  if (input.type !== "command" || input.action.case !== "invite") return [];
  const callee = server.values[userKey(input.action.value.calleeUser).name] as UserEntry | undefined;
  const ringing = (callee?.endpoints ?? []).map(({ key }) => key.slice(0, key.indexOf("@")));
  const own = actorAt(actors, input.from).token;
  return [own, ...ringing.filter((id) => id !== own)];
}
