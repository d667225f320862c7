import { create } from "@bufbuild/protobuf";
import type { CallId, CommandAction } from "@peerline/call-machine";
import {
  type Command,
  type CommandResult,
  CommandResultSchema,
  ErrorCode,
  ErrorSchema,
} from "@peerline/protocol";
import { bytesOf, callIdOf, commandOf, isLifecycle, isOpening, isPresence } from "./action.ts";
import { findMerge } from "./coalesce.ts";
import type { SendLimits } from "./timing.ts";

/** One command, and the actions that were folded into it. */
export interface Entry {
  readonly action: CommandAction;
  readonly sources: readonly CommandAction[];
  readonly bytes: number;
}

/** Commands on their way, stop-and-wait: one batch at a time. Replaced, never changed in place. PROTOCOL 1.3, D5. */
export interface Outbox {
  /** Never sent. */
  readonly queue: readonly Entry[];
  /** Sent at least once, numbered from `nextSeq`, no result yet. */
  readonly batch: readonly Entry[];
  /** The number of the batch's first command, or of the next one when there is no batch. */
  readonly nextSeq: bigint;
  /** The batch was refused as a whole: its commands go one at a time. */
  readonly oneByOne: boolean;
  /** How often the server failed at the batch by a fault of its own. */
  readonly faults: number;
  /** Those of both lists that would bring a call back which is over: the present epoch knows that, another may not. */
  readonly moot: readonly Entry[];
}

/** What became of an action. */
export interface Outcome {
  readonly action: CommandAction;
  readonly result: CommandResult;
}

export type OutboxStep = readonly [Outbox, readonly Outcome[]];

export const emptyOutbox: Outbox = {
  queue: [],
  batch: [],
  nextSeq: 1n,
  oneByOne: false,
  faults: 0,
  moot: [],
};

const capacity = 512;

/**
 * Queues an action behind or into what waits. When 512 wait already, whatever is not a call's life cycle is refused
 * at once with OVERLOADED, so that the outbox stays bounded (invariant 18).
 */
export function enqueue(outbox: Outbox, action: CommandAction): OutboxStep {
  const waiting = outbox.queue.reduce((count, entry) => count + entry.sources.length, outbox.batch.length);
  if (waiting >= capacity && !isLifecycle(action)) {
    const text = `More than ${capacity} commands wait for the server. Send less, or wait.`;
    return [outbox, [refusal(action, 0n, ErrorCode.OVERLOADED, text)]];
  }
  const merge = findMerge(
    outbox.queue.map((entry) => entry.action),
    action,
  );
  const target = merge && outbox.queue[merge.index];
  if (!merge || !target) {
    const entry = { action, sources: [action], bytes: bytesOf(action) };
    return [{ ...outbox, queue: [...outbox.queue, entry] }, []];
  }
  const entry = { action: merge.action, sources: [...target.sources, action], bytes: bytesOf(merge.action) };
  return [{ ...outbox, queue: outbox.queue.with(merge.index, entry) }, []];
}

/** Makes the next batch when there is none. A command that no request can carry is refused here: TOO_LARGE. */
export function fill(outbox: Outbox, limits: SendLimits): OutboxStep {
  const outcomes: Outcome[] = [];
  if (outbox.batch.length > 0) return [outbox, outcomes];
  let { queue } = outbox;
  const batch: Entry[] = [];
  let bytes = 0;
  for (let entry = queue[0]; entry !== undefined && batch.length < limits.commands; entry = queue[0]) {
    if (entry.bytes > limits.bytes) {
      const text = `The command has ${entry.bytes} bytes, the server takes ${limits.bytes}. Make it smaller.`;
      outcomes.push(...refuse(entry, 0n, ErrorCode.TOO_LARGE, text));
    } else {
      bytes += entry.bytes;
      if (bytes > limits.bytes) break;
      batch.push(entry);
    }
    queue = queue.slice(1);
  }
  return [{ ...outbox, queue, batch, oneByOne: false, faults: 0 }, outcomes];
}

/** The commands of the next request: each time the same ones with the same numbers, until they have results. */
export function commandsOf(outbox: Outbox): readonly Command[] {
  const entries = outbox.oneByOne ? outbox.batch.slice(0, 1) : outbox.batch;
  return entries.map((entry, index) => commandOf(entry.action, outbox.nextSeq + BigInt(index)));
}

/** Takes the results in order. OUT_OF_ORDER rewinds; a result that answers nothing is ignored. */
export function settle(outbox: Outbox, results: readonly CommandResult[]): OutboxStep {
  let state = outbox;
  const outcomes: Outcome[] = [];
  for (const result of results) {
    const entry = state.batch[0];
    if (entry === undefined || result.clientSeq !== state.nextSeq) continue;
    if (result.error?.code === ErrorCode.OUT_OF_ORDER)
      return [rewind(state, result.error.expectedSeq), outcomes];
    outcomes.push(...entry.sources.map((action) => ({ action, result })));
    state = withoutFirst(state);
  }
  return [state, outcomes];
}

/** Numbers the batch from what the server expects: it has executed none of it under another number. */
export function rewind(outbox: Outbox, expectedSeq: bigint): Outbox {
  return expectedSeq > 0n && expectedSeq < outbox.nextSeq ? { ...outbox, nextSeq: expectedSeq } : outbox;
}

/** The request was refused for what is in it: several are tried one by one, a single one is dropped and reported. */
export function refused(outbox: Outbox, code: ErrorCode, text: string): OutboxStep {
  const sent = commandsOf(outbox).length;
  const entry = outbox.batch[0];
  if (sent > 1) return [{ ...outbox, oneByOne: true, faults: 0 }, []];
  if (entry === undefined) return [outbox, []];
  return [withoutFirst(outbox), refuse(entry, outbox.nextSeq, code, text)];
}

const faultsUntilDropped = 3;

/** The server failed by a fault of its own: one by one, and each command three times at most. PROTOCOL 1.10. */
export function faulted(outbox: Outbox, text: string): OutboxStep {
  const several = commandsOf(outbox).length > 1;
  if (several || outbox.faults + 1 >= faultsUntilDropped) return refused(outbox, ErrorCode.UNSPECIFIED, text);
  return [{ ...outbox, faults: outbox.faults + 1 }, []];
}

/**
 * A stream of the same epoch: what was sent keeps its numbers. `lastSeq` is the highest number that the server has
 * executed; an endpoint that lost its own count (a reload) goes on behind it.
 */
export function resume(outbox: Outbox, lastSeq: bigint): Outbox {
  const counting = outbox.batch.length === 0 && lastSeq >= outbox.nextSeq;
  return counting ? { ...outbox, nextSeq: lastSeq + 1n } : outbox;
}

/**
 * The server has ended the call: what would invite to it, alert for it or accept it is not taken to another epoch, whose
 * server may have forgotten the end. PROTOCOL 2.7 rows 83, 86.
 */
export function withEnded(outbox: Outbox, callId: CallId): Outbox {
  const { batch, queue } = outbox;
  const moot = [...batch, ...queue].filter(
    (entry) => outbox.moot.includes(entry) || (isOpening(entry.action) && callIdOf(entry.action) === callId),
  );
  return { ...outbox, moot };
}

/**
 * A new epoch: numbers start over behind `lastSeq`. What was never sent is kept, in order, unless its call is over. Of
 * what was sent without a result, life cycle and presence are issued again, being idempotent by their natural keys (D4, 1.3); descriptions,
 * candidates, media state and relays are dropped without a result, because they are delivered at most once (1.4) and
 * the peers re-send what the snapshot shows missing (1.6). Of a call that was given up before it was heard of, only the End is
 * sent: nobody rings for it (2.7 row 7).
 */
export function rebase(outbox: Outbox, lastSeq: bigint): Outbox {
  const repeatable = outbox.batch.filter(({ action }) => isLifecycle(action) || isPresence(action));
  const queue = [...repeatable, ...outbox.queue].filter(
    (entry, index, all) => !outbox.moot.includes(entry) && !isGivenUp(entry, all.slice(index + 1)),
  );
  return { ...emptyOutbox, queue, nextSeq: lastSeq + 1n };
}

function isGivenUp({ action }: Entry, later: readonly Entry[]): boolean {
  const isEnd = (entry: Entry) => entry.action.case === "end" && callIdOf(entry.action) === callIdOf(action);
  return action.case === "invite" && later.some(isEnd);
}

function withoutFirst(outbox: Outbox): Outbox {
  return { ...outbox, batch: outbox.batch.slice(1), nextSeq: outbox.nextSeq + 1n, faults: 0 };
}

function refuse(entry: Entry, seq: bigint, code: ErrorCode, text: string): readonly Outcome[] {
  return entry.sources.map((action) => refusal(action, seq, code, text));
}

function refusal(action: CommandAction, clientSeq: bigint, code: ErrorCode, text: string): Outcome {
  const error = create(ErrorSchema, { code, text });
  return { action, result: create(CommandResultSchema, { clientSeq, applied: false, error }) };
}
