import type {
  CallHealth,
  CommandAction,
  Logger,
  SessionPorts,
  SignalingInput,
  SignalingPort,
} from "../ports.ts";
import { type StubMedia, stubMedia } from "./stub-media.ts";
import { type StubPeer, stubPeer } from "./stub-peer.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

/** One call of a `SignalingPort` method, whole. */
export type SignalingCall =
  | { readonly method: "start" }
  | { readonly method: "send"; readonly action: CommandAction }
  | { readonly method: "setCalls"; readonly calls: readonly CallHealth[] }
  | { readonly method: "wake" }
  | { readonly method: "stop"; readonly intent: "page-gone" | "sign-out" };

/** A signaling session that goes nowhere: it keeps what it is asked, and says what a test tells it to. */
export interface StubSignaling extends SignalingPort {
  readonly calls: readonly SignalingCall[];
  /** The commands alone, in order. */
  sent(): readonly CommandAction[];
  /** Delivers to the session. Throws before `start`. */
  push(input: SignalingInput): void;
}

export function stubSignaling(): StubSignaling {
  const calls: SignalingCall[] = [];
  let deliver: ((input: SignalingInput) => void) | undefined;
  return {
    calls,
    sent: () => calls.flatMap((call) => (call.method === "send" ? [call.action] : [])),
    push(input) {
      if (!deliver) throw new Error("the signaling port was not started: call startSession first");
      deliver(input);
    },
    start(receive) {
      deliver = receive;
      calls.push({ method: "start" });
    },
    send: (action) => void calls.push({ method: "send", action }),
    setCalls: (healths) => void calls.push({ method: "setCalls", calls: healths }),
    wake: () => void calls.push({ method: "wake" }),
    stop: (intent) => void calls.push({ method: "stop", intent }),
  };
}

/** One line that was logged. */
export interface LoggedLine {
  readonly level: "debug" | "info" | "warn";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Keeps every line. */
export interface StubLogger extends Logger {
  readonly lines: readonly LoggedLine[];
}

export function stubLogger(): StubLogger {
  const lines: LoggedLine[] = [];
  const at = (level: LoggedLine["level"]) => (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void lines.push({ level, message, fields: fields ?? {} });
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn") };
}

/** All stubs at once: what `startSession` needs. */
export interface StubPorts extends SessionPorts {
  readonly signaling: StubSignaling;
  readonly peer: StubPeer;
  readonly media: StubMedia;
  readonly clock: VirtualClock;
  readonly logger: StubLogger;
}

export function stubPorts(): StubPorts {
  return {
    signaling: stubSignaling(),
    peer: stubPeer(),
    media: stubMedia(),
    clock: virtualClock(),
    logger: stubLogger(),
  };
}
