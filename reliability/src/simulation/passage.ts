import type { ReceiveResponse, SendRequest } from "@peerline/protocol";

/** One message on its way between an endpoint and the server. */
export interface Passage {
  /** `hangup`: the endpoint closed a stream. */
  readonly kind: "request" | "response" | "frame" | "hangup";
  /** `receive`, `send`, `detach`, … */
  readonly rpc: string;
  /** The endpoint's name. */
  readonly who: string;
  /** A request, a response or a frame as its schema has it; undefined for a hang-up. */
  readonly message: unknown;
}

/** What becomes of a passage. The default is to arrive once, after `delayMs`. */
export interface Fate {
  readonly delayMs: number;
  /**
   * `silent`: it never arrives and nobody is told; of a frame, the whole stream is half-open from here on. `error`: the
   * connection breaks in its place, and the endpoint is told.
   */
  readonly loss?: "silent" | "error";
  /** It arrives once more, this long after the first time. */
  readonly copyAfterMs?: number;
}

/** Decides what becomes of each passage. `undefined` leaves it to the next rule. */
export type Rule = (passage: Passage) => Fate | undefined;

/** One line for a person who follows a run: what it is, never what it says. */
export function describePassage(
  { kind, rpc, message }: Passage,
  { delayMs, loss, copyAfterMs }: Fate,
): string {
  const way = kind === "request" || kind === "hangup" ? "->" : "<-";
  const fate = loss ? `LOST (${loss})` : `in ${delayMs} ms`;
  const copy = copyAfterMs === undefined ? "" : `, again ${copyAfterMs} ms later`;
  return `${way} ${kind} ${rpc}${contentOf(message)} ${fate}${copy}`;
}

function contentOf(message: unknown): string {
  if (typeof message !== "object" || message === null) return "";
  if (message instanceof Error) return ` ${message.message}`;
  const { commands, frame } = message as Partial<SendRequest> & Partial<ReceiveResponse>;
  if (frame)
    return ` ${frame.case === "event" ? `${frame.value.body.case} ${frame.value.offset}` : frame.case}`;
  return commands
    ? ` [${commands.map(({ clientSeq, action }) => `${clientSeq} ${action.case}`).join(", ")}]`
    : "";
}

/** Everything that was sent and done to it, in counts. */
export interface Totals {
  requests: number;
  responses: number;
  frames: number;
  /** Commands that the machines gave to their signaling sessions; repetitions are not counted again. */
  commandsSent: number;
  /** Commands that servers executed. */
  commandsExecuted: number;
  /** Mailbox events that servers appended. */
  eventsAppended: number;
  /** Mailbox events that endpoints' machines were given. */
  eventsApplied: number;
  lostRequests: number;
  lostResponses: number;
  doubledRequests: number;
  doubledFrames: number;
  /** Requests that arrived behind one that was sent later by the same endpoint. */
  overtakenRequests: number;
  cutStreams: number;
  halfOpenStreams: number;
  outages: number;
  serverKills: number;
  serverDrains: number;
  reloads: number;
  calls: number;
}

export function noTotals(): Totals {
  return {
    requests: 0,
    responses: 0,
    frames: 0,
    commandsSent: 0,
    commandsExecuted: 0,
    eventsAppended: 0,
    eventsApplied: 0,
    lostRequests: 0,
    lostResponses: 0,
    doubledRequests: 0,
    doubledFrames: 0,
    overtakenRequests: 0,
    cutStreams: 0,
    halfOpenStreams: 0,
    outages: 0,
    serverKills: 0,
    serverDrains: 0,
    reloads: 0,
    calls: 0,
  };
}

export function addTotals(sum: Totals, more: Totals): void {
  for (const name of Object.keys(sum) as (keyof Totals)[]) sum[name] += more[name];
}
