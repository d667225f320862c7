import type { SignalingInput } from "@peerline/call-machine";
import type { CursorState } from "./cursor.ts";
import type { TaskQueue } from "./delivery.ts";
import type { LinkInput, LinkState } from "./link-state.ts";
import type { Observer } from "./observe.ts";
import type { LifeInit, SignalingSessionOptions } from "./options.ts";
import type { Sender } from "./sender.ts";
import type { ServiceClient } from "./service-client.ts";
import type { SessionTiming } from "./timing.ts";
import type { TokenKeeper } from "./token-keeper.ts";

/** A Receive, or a row of Polls. */
export interface OpenStream {
  readonly close: () => void;
  /** A row of Polls that waited for a replacement may go on. */
  readonly nudge: () => void;
  /** What it was asked for with last. */
  readonly token: () => string | undefined;
}

/** Everything that one session holds. Only tasks of `queue` touch it, so each sees it whole. */
export interface Runtime {
  readonly options: SignalingSessionOptions;
  readonly client: ServiceClient;
  readonly queue: TaskQueue;
  readonly streams: Map<number, OpenStream>;
  readonly keeper: TokenKeeper;
  readonly sender: Sender;
  readonly observer: Observer | undefined;
  /** Tells the server this session from others with the same endpoint id; counts its Receives and Polls. */
  readonly life: LifeInit;
  /** Aborted by the session's end. */
  readonly ended: AbortSignal;
  link: LinkState;
  cursor: CursorState;
  timing: SessionTiming;
  readonly end: () => void;
  receive: (input: SignalingInput) => void;
  cancelTimer: () => void;
  /** How far the time of day was ahead of the clock, which stands still while some platforms sleep. In ms. */
  aheadMs: number;
  /** Tells the link and carries out what it decides. */
  readonly dispatch: (input: LinkInput) => void;
  /** Runs a task after those that wait, then sends what is due and sets the timer anew. */
  readonly post: (task: () => void) => void;
}

/** Hands an input to the machines, after whatever they are doing now. */
export function deliver(runtime: Runtime, input: SignalingInput): void {
  runtime.queue.post(() => runtime.receive(input));
}

/** The headers of a call made with this token. */
export function headersOf(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}
