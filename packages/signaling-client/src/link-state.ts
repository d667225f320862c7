import type { LinkTroubleCode, SessionStopCode } from "@peerline/call-machine";
import type { GoAway } from "@peerline/protocol";
import type { Pace } from "./backoff.ts";
import { anyCarriage, type Carriage, type Carrier } from "./carriage.ts";
import type { SignalingError } from "./signaling-error.ts";
import type { SessionTiming } from "./timing.ts";
import type { Reason } from "./trouble.ts";

/**
 * What is being done to get the next stream, from `since` until `until` at the latest. `none` while the current one
 * is good enough.
 */
type Plan =
  | { readonly type: "none" }
  /** The platform says that there is no network. */
  | { readonly type: "offline" }
  | { readonly type: "waiting"; readonly since: number; readonly until: number }
  | { readonly type: "authing"; readonly since: number; readonly until: number }
  | {
      readonly type: "opening";
      readonly since: number;
      readonly until: number;
      readonly stream: number;
      readonly carrier: Carrier;
    };

/** The stream whose frames count: a Receive, or a row of Polls. */
export interface CurrentStream {
  readonly stream: number;
  readonly carrier: Carrier;
  readonly since: number;
  readonly lastByteAt: number;
}

/**
 * One endpoint's connection, PROTOCOL 2.2. `current` and `plan` overlap: while a replacement is prepared, the old
 * stream is still read.
 */
export interface LinkState {
  readonly status: "idle" | "running" | "stopped";
  readonly current: CurrentStream | undefined;
  readonly plan: Plan;
  /** Streams made so far; each has its number from here, the newest the highest. */
  readonly streams: number;
  /** Attempts that failed since a stream lived long enough. */
  readonly failures: number;
  /** Tokens refused since a stream lived long enough. */
  readonly refusals: number;
  /** False: ask for a snapshot. */
  readonly useCursor: boolean;
  readonly everLive: boolean;
  readonly pace: Pace;
  readonly paceSince: number;
  readonly carriage: Carriage;
  /** What the platform says. */
  readonly online: boolean;
}

export const idleLink: LinkState = {
  status: "idle",
  current: undefined,
  plan: { type: "none" },
  streams: 0,
  failures: 0,
  refusals: 0,
  useCursor: true,
  everLive: false,
  pace: "idle",
  paceSince: 0,
  carriage: anyCarriage,
  online: true,
};

/** `stream` says which stream object it is about; what comes from any other than those in use has no effect. */
export type LinkInput =
  | { readonly type: "start" }
  | { readonly type: "wake" }
  | { readonly type: "tick" }
  | { readonly type: "network"; readonly online: boolean }
  | { readonly type: "preferred"; readonly poll: boolean }
  | { readonly type: "paced"; readonly pace: Pace }
  | { readonly type: "tokenReady" }
  | { readonly type: "tokenFailed"; readonly error: SignalingError }
  | { readonly type: "hello"; readonly stream: number }
  | { readonly type: "heard"; readonly stream: number }
  /** Events are missing. Not `useCursor`: what the stream says fits nothing that was applied. */
  | { readonly type: "gap"; readonly stream: number; readonly useCursor: boolean }
  | {
      readonly type: "goAway";
      readonly stream: number;
      readonly action: "resume" | "restart" | "stop";
      readonly afterMs: number;
      readonly reason: GoAway["reason"];
    }
  /** The stream ended, whichever way. */
  | { readonly type: "failed"; readonly stream: number; readonly error: SignalingError }
  /** A Send was answered with something that concerns the whole session. */
  | { readonly type: "sendFailed"; readonly error: SignalingError }
  | { readonly type: "stop" };

export type LinkCommand =
  | {
      readonly type: "open";
      readonly stream: number;
      readonly carrier: Carrier;
      readonly attempt: number;
      readonly useCursor: boolean;
    }
  | { readonly type: "close"; readonly stream: number }
  | { readonly type: "getToken" }
  | { readonly type: "interrupted"; readonly retryInMs: number; readonly reason: Reason }
  | {
      readonly type: "stopped";
      readonly code: SessionStopCode;
      readonly text: string;
      readonly trouble?: LinkTroubleCode;
    };

/** What a step may look at beside its state: readings taken before it, so that it stays pure. */
export interface LinkContext {
  /** From a clock that never goes back. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  /** There is a token, and neither the clock nor the server has refused it. */
  readonly tokenUsable: boolean;
  readonly timing: SessionTiming;
}

export type LinkStep = readonly [LinkState, readonly LinkCommand[]];

export type LinkPhase =
  | "idle"
  | "stopped"
  | "offline"
  | "live"
  | "polling"
  | "waiting"
  | "authing"
  | "opening";

/** The state of PROTOCOL 2.2 that this is. */
export function phaseOf(state: LinkState): LinkPhase {
  if (state.status !== "running") return state.status;
  if (state.current !== undefined) return state.current.carrier === "poll" ? "polling" : "live";
  return state.plan.type === "none" ? "idle" : state.plan.type;
}
