import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { toHex } from "@peerline/call-machine/wire";
import { type Command, type CommandResult, CommandResultSchema, type SendRequest } from "@peerline/protocol";
import { graceRefusal } from "../auth/grace.ts";
import type { Identity } from "../auth/identity.ts";
import { runCommand } from "../calls/commands/run.ts";
import type { CommandScene, Effect, Outcome } from "../calls/scene.ts";
import { ServerError, type ServerErrorCode } from "../errors/server-error.ts";
import { errorDetail } from "../errors/to-connect.ts";
import { remembering } from "../policy.ts";
import type { Services } from "../services.ts";
import { sessionKey, userKey } from "../store/keys.ts";
import type { Transaction } from "../store/port.ts";
import { assertSendRate, commandBudget } from "./command-budget.ts";
import { judgeSequence, type SessionEntry, withResult } from "./session-entry.ts";
import { findEndpoint } from "./user-entry.ts";

export interface Sender {
  readonly identity: Identity;
  readonly key: string;
}

/** What a batch came to. `results` is shorter than the batch when a command was out of order. */
export interface Sent {
  readonly results: readonly CommandResult[];
  readonly top: number;
}

/**
 * Executes a batch: each command in its own transaction, together with its stored result, so that it runs once.
 * `apply` gets the effects of every committed command. PROTOCOL 1.3.
 */
export async function sendBatch(
  services: Services,
  sender: Sender,
  request: SendRequest,
  apply: (effects: readonly Effect[]) => void,
): Promise<Sent> {
  const epoch = toHex(request.epoch);
  const lastSeq = await acknowledge(services, sender.key, epoch, Number(request.ackOffset));
  assertSendRate(services.limiters, sender.identity.user, request.commands, lastSeq);
  const budget = commandBudget(services.limiters, sender, request.commands, lastSeq);
  const results: CommandResult[] = [];
  for (const command of request.commands) {
    const done = await executeOnce(services, sender, epoch, command, budget.refusalOf(command));
    if (done.kind === "gap") {
      if (results.length === 0) throw outOfOrder(done.expectedSeq);
      break;
    }
    apply(done.effects);
    results.push(done.result);
  }
  const head = (await services.store.read(sender.key, 0, 0))?.head;
  return { results, top: head?.top ?? 0 };
}

/** Checks the epoch and trims. Resolves to the last executed sequence number. */
async function acknowledge(
  services: Services,
  key: string,
  epoch: string,
  ackOffset: number,
): Promise<number> {
  return await services.store.transact(async (transaction) => {
    const session = await presentSession(transaction, key, epoch);
    if (ackOffset > 0) transaction.trim(key, ackOffset);
    return session.lastSeq;
  });
}

async function presentSession(transaction: Transaction, key: string, epoch: string): Promise<SessionEntry> {
  const session = await transaction.get(sessionKey(key));
  const head = await transaction.head(key);
  if (session && head?.epoch === epoch) return session;
  throw new ServerError(
    "session-lost",
    "This server does not know the endpoint in this epoch. Receive again first.",
  );
}

type Executed =
  | { readonly kind: "done"; readonly result: CommandResult; readonly effects: readonly Effect[] }
  | { readonly kind: "gap"; readonly expectedSeq: number };

async function executeOnce(
  services: Services,
  sender: Sender,
  epoch: string,
  command: Command,
  refusal: ServerError | undefined,
): Promise<Executed> {
  const { timers, limits } = services.config;
  const policy = remembering(services.policy);
  return await services.store.transact(async (transaction): Promise<Executed> => {
    const session = await presentSession(transaction, sender.key, epoch);
    const now = services.clock.now();
    const keptSince = now - timers.resultsKeptMs;
    const verdict = judgeSequence(session, Number(command.clientSeq), keptSince);
    if (verdict.kind === "gap") return verdict;
    if (verdict.kind === "stored") {
      return { kind: "done", result: fromBinary(CommandResultSchema, verdict.bytes), effects: [] };
    }
    if (verdict.kind === "forgotten") {
      throw new ServerError(
        "session-lost",
        "The result of this command is no longer kept. Receive again first.",
      );
    }
    const scene = await openScene({ ...services, policy }, sender, transaction);
    const result = await execute(scene, command, refusal);
    const after = (await transaction.get(sessionKey(sender.key))) ?? session;
    const stored = { seq: Number(command.clientSeq), bytes: toBinary(CommandResultSchema, result), at: now };
    transaction.set(
      sessionKey(sender.key),
      withResult(after, stored, { maxResults: limits.storedResults, keptSince }),
    );
    return { kind: "done", result, effects: scene.effects };
  });
}

async function openScene(
  services: Services,
  sender: Sender,
  transaction: Transaction,
): Promise<CommandScene> {
  const user = await transaction.get(userKey(sender.identity.user));
  const endpoint = findEndpoint(user, sender.key);
  if (!endpoint) throw new ServerError("session-lost", "This endpoint is not attached. Receive first.");
  return { transaction, services, endpoint, now: services.clock.now(), effects: [], ...sender };
}

/** Not the command's: the request fails as a whole, and may be sent again. */
const ownFaults: ReadonlySet<ServerErrorCode> = new Set(["internal", "application-failed"]);

async function execute(
  scene: CommandScene,
  command: Command,
  refusal: ServerError | undefined,
): Promise<CommandResult> {
  const result = create(CommandResultSchema, { clientSeq: command.clientSeq });
  try {
    const forbidden = refusal ?? graceRefusal(scene.identity, command);
    if (forbidden) throw forbidden;
    const outcome: Outcome = await runCommand(scene, command.action);
    result.applied = outcome.applied;
    if (outcome.state) result.state = outcome.state;
    if (outcome.ticket) result.ticket = outcome.ticket;
  } catch (reason) {
    if (!(reason instanceof ServerError) || ownFaults.has(reason.code)) throw reason;
    result.error = errorDetail(reason);
  }
  return result;
}

function outOfOrder(expectedSeq: number): ServerError {
  const text = `Commands must be contiguous: the server expects client_seq ${expectedSeq}. Send again from there.`;
  return new ServerError("out-of-order", text, { expectedSeq });
}
