import { create } from "@bufbuild/protobuf";
import {
  type CommandResult,
  type SendRequest,
  SendRequestSchema,
  type SendResponse,
} from "@peerline/protocol";
import type { Observer } from "./observe.ts";
import { commandsOf, type Entry, fill, type Outcome } from "./outbox.ts";
import {
  afterError,
  afterResponse,
  dueAt,
  heartbeatOf,
  type Sending,
  type SendingContext,
  type SendingStep,
} from "./sending.ts";
import { SignalingError } from "./signaling-error.ts";

export interface SenderOptions {
  readonly endpointId: Uint8Array;
  readonly context: () => SendingContext;
  readonly call: (request: SendRequest, signal: AbortSignal) => Promise<SendResponse>;
  /** Runs a task between two others; answers are handled there. */
  readonly post: (task: () => void) => void;
  readonly onOutcome: (outcome: Outcome) => void;
  /** A request failed for a reason that concerns the whole session. */
  readonly onSessionError: (error: SignalingError) => void;
  readonly observer: Observer | undefined;
}

/** Carries commands, acknowledgements and heartbeats up, one request at a time. PROTOCOL 1.3. */
export interface Sender {
  readonly options: SenderOptions;
  /** What waits, and how. Its owner replaces it at any time, also while a request is under way. */
  sending: Sending;
  flight: Flight | undefined;
  readonly firstSentAt: WeakMap<Entry, number>;
}

/** The request under way. */
interface Flight {
  readonly request: SendRequest;
  readonly controller: AbortController;
  readonly since: number;
  readonly until: number;
}

/** Room for everything in a request that is not a command. */
const requestOverheadBytes = 2_048;

/** `sending` starts as `idleSending`; nothing leaves before it has an epoch. */
export function createSender(options: SenderOptions, sending: Sending): Sender {
  return { options, sending, flight: undefined, firstSentAt: new WeakMap() };
}

/** Sends whatever is due, if `live` and nothing is under way; gives up a request that takes too long. */
export function pump(sender: Sender, live: boolean): void {
  const { now, cursor, timing } = sender.options.context();
  if (sender.flight !== undefined && now >= sender.flight.until) timeOut(sender, sender.flight.request);
  if (!live || sender.flight !== undefined || sender.sending.epoch === undefined) return;
  if (now < dueAt(sender.sending, cursor, timing)) return;
  const { limits, outbox } = sender.sending;
  const [filled, outcomes] = fill(outbox, { ...limits, bytes: limits.bytes - requestOverheadBytes });
  take(sender, { sending: { ...sender.sending, outbox: filled }, outcomes });
  if (now >= dueAt(sender.sending, cursor, timing)) launch(sender, requestOf(sender));
}

/** Forgets the request under way; its commands are sent again, or sorted out by a new epoch. */
export function abandon(sender: Sender): void {
  sender.flight?.controller.abort();
  sender.flight = undefined;
}

/** The network may be another one: a request that has waited for a while is sent again at once, as it was. */
export function hurry(sender: Sender): void {
  const { now, timing } = sender.options.context();
  if (sender.flight !== undefined && now - sender.flight.since >= timing.freshMs) abandon(sender);
  sender.sending = { ...sender.sending, failures: 0, retryAt: 0 };
}

/** When it wants its next `pump`: a reading of the clock, or Infinity. */
export function senderDeadline(sender: Sender, live: boolean): number {
  if (sender.flight !== undefined) return sender.flight.until;
  const { cursor, timing } = sender.options.context();
  const ready = live && sender.sending.epoch !== undefined;
  return ready ? dueAt(sender.sending, cursor, timing) : Number.POSITIVE_INFINITY;
}

function take(sender: Sender, step: SendingStep): void {
  sender.sending = step.sending;
  for (const outcome of step.outcomes) sender.options.onOutcome(outcome);
  if (step.sessionError) sender.options.onSessionError(step.sessionError);
}

function timeOut(sender: Sender, request: SendRequest): void {
  abandon(sender);
  const late = new SignalingError("unavailable", "the server did not answer in time");
  take(sender, afterError(sender.sending, request, late, sender.options.context()));
}

function requestOf({ sending, options }: Sender): SendRequest {
  const heartbeat = heartbeatOf(sending);
  return create(SendRequestSchema, {
    endpointId: options.endpointId,
    ...(sending.epoch && { epoch: sending.epoch }),
    ackOffset: options.context().cursor,
    commands: [...commandsOf(sending.outbox)],
    ...(heartbeat && { heartbeat }),
  });
}

/** An answer counts only while its request is the one under way. */
function launch(sender: Sender, request: SendRequest): void {
  const { options } = sender;
  const { now, timing } = options.context();
  const lengthMs = sender.sending.calls.length > 0 ? timing.unaryBusyMs : timing.unaryIdleMs;
  const begun: Flight = { request, controller: new AbortController(), since: now, until: now + lengthMs };
  sender.flight = begun;
  observeSent(sender, request, now);
  const land = (finish: () => void): void => {
    options.post(() => {
      if (sender.flight !== begun) return;
      sender.flight = undefined;
      finish();
    });
  };
  options.call(request, begun.controller.signal).then(
    ({ results }) => land(() => onResults(sender, request, results)),
    (reason) => land(() => onError(sender, request, SignalingError.from(reason))),
  );
}

function onResults(sender: Sender, request: SendRequest, results: readonly CommandResult[]): void {
  const ctx = sender.options.context();
  const { batch } = sender.sending.outbox;
  for (const [index, result] of results.entries()) {
    const entry = batch[index];
    if (entry === undefined) continue;
    const sentAt = sender.firstSentAt.get(entry) ?? ctx.now;
    sender.options.observer?.result(entry.action, result, ctx.now - sentAt);
  }
  take(sender, afterResponse(sender.sending, request, results, ctx));
}

function onError(sender: Sender, request: SendRequest, error: SignalingError): void {
  take(sender, afterError(sender.sending, request, error, sender.options.context()));
}

function observeSent({ sending, options, firstSentAt }: Sender, request: SendRequest, now: number): void {
  for (const [index, command] of request.commands.entries()) {
    const entry = sending.outbox.batch[index];
    if (entry && !firstSentAt.has(entry)) firstSentAt.set(entry, now);
    options.observer?.sent(command);
  }
}
