import type { Command } from "@peerline/protocol";
import type { ServerError } from "../errors/server-error.ts";
import type { Limiters } from "../limits/limiters.ts";
import { assertInTime, tooFast } from "../limits/too-fast.ts";
import type { Sender } from "./send.ts";

/** Says of each command of a batch whether it is too much. */
export interface CommandBudget {
  /** Becomes the error of the command's result. */
  refusalOf(command: Command): ServerError | undefined;
}

/**
 * Counts one `Send` of a user, with commands or without. A hang-up that has not run yet has a budget of its own, so that
 * nothing that an account does keeps it in a call. Throws `ServerError` "rate-limited".
 */
export function assertSendRate(
  limiters: Limiters,
  user: string,
  commands: readonly Command[],
  lastSeq: number,
): void {
  const waitMs = limiters.sends.take(user);
  if (waitMs === 0) return;
  const hangsUp = commands.some(
    ({ action, clientSeq }) => action.case === "end" && Number(clientSeq) > lastSeq,
  );
  assertInTime("This account sends too often.", hangsUp ? limiters.hangUps.take(user) : waitMs);
}

/**
 * Takes what a batch costs, before it runs. Commands that ran before cost nothing, `End` costs nothing and always runs:
 * a batch with an `End` is never refused as a whole, its other commands may be, one by one. PROTOCOL 1.11.
 */
export function commandBudget(
  limiters: Limiters,
  sender: Sender,
  commands: readonly Command[],
  lastSeq: number,
): CommandBudget {
  const fresh = commands.filter(
    (command) => Number(command.clientSeq) > lastSeq && command.action.case !== "end",
  );
  const waitMs = fresh.length === 0 ? 0 : limiters.commands.take(sender.key, fresh.length);
  if (waitMs > 0 && !commands.some(({ action }) => action.case === "end")) throw tooFast("commands", waitMs);
  const refused = new Map<Command, ServerError>();
  for (const command of fresh) {
    const refusal = waitMs > 0 ? tooFast("commands", waitMs) : inviteRefusal(limiters, sender, command);
    if (refusal) refused.set(command, refusal);
  }
  return { refusalOf: (command) => refused.get(command) };
}

function inviteRefusal(limiters: Limiters, sender: Sender, { action }: Command): ServerError | undefined {
  if (action.case !== "invite") return undefined;
  const { user } = sender.identity;
  const inviteMs = limiters.invites.take(user);
  if (inviteMs > 0) return tooFast("calls", inviteMs);
  const pairMs = limiters.unanswered.take(pairName(user, action.value.calleeUser));
  return pairMs > 0 ? tooFast("unanswered calls to the same person", pairMs) : undefined;
}

/** Names the limit of unanswered calls from one user to another. */
export function pairName(caller: string, callee: string): string {
  return JSON.stringify([caller, callee]);
}
