import type { ControlSignal } from "../call/effects.ts";
import type { PeerEvent } from "../call/events.ts";
import type { PeerOptions, PeerPort } from "../ports.ts";
import type { CandidatesSignal, DescriptionSignal } from "../types.ts";

/** One call of a `PeerHandle` method, whole. */
export type PeerCall =
  | { readonly method: "apply"; readonly description: DescriptionSignal }
  | { readonly method: "addCandidates"; readonly candidates: CandidatesSignal }
  | { readonly method: "restartIce" }
  | { readonly method: "setSending"; readonly on: boolean }
  | { readonly method: "resend" }
  | { readonly method: "say"; readonly signal: ControlSignal }
  | { readonly method: "close" };

/** One peer connection that a session opened. */
export interface StubPeerConnection {
  readonly options: PeerOptions;
  readonly calls: readonly PeerCall[];
  closed(): boolean;
  /** Reports to the call. Dropped after `close`, as the port promises. */
  push(event: PeerEvent): void;
}

/** Peer connections that connect to nothing: they keep what they are asked, and say what a test tells them to. */
export interface StubPeer extends PeerPort {
  readonly opened: readonly StubPeerConnection[];
  /** The newest one. Throws when none was opened. */
  latest(): StubPeerConnection;
}

export function stubPeer(): StubPeer {
  const opened: StubPeerConnection[] = [];
  return {
    opened,
    latest() {
      const last = opened.at(-1);
      if (!last) throw new Error("no peer connection was opened: dial or accept first");
      return last;
    },
    open(options, receive) {
      const calls: PeerCall[] = [];
      const isClosed = () => calls.some(({ method }) => method === "close");
      opened.push({
        options,
        calls,
        closed: isClosed,
        push: (event) => (isClosed() ? undefined : receive(event)),
      });
      return {
        apply: (description) => void calls.push({ method: "apply", description }),
        addCandidates: (candidates) => void calls.push({ method: "addCandidates", candidates }),
        restartIce: () => void calls.push({ method: "restartIce" }),
        setSending: (on) => void calls.push({ method: "setSending", on }),
        resend: () => void calls.push({ method: "resend" }),
        say: (signal) => void calls.push({ method: "say", signal }),
        close: () => void calls.push({ method: "close" }),
      };
    },
  };
}
