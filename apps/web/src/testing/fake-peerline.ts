import type { CallId, MediaKind } from "@peerline/call-machine";
import type { Peerline, PeerlineView } from "@peerline/client";

/** What was asked of a fake Peerline, in order. */
export type FakeRequest =
  | { readonly type: "dial"; readonly user: string; readonly kind: MediaKind | undefined }
  | { readonly type: "accept"; readonly kind: MediaKind | undefined }
  | { readonly type: "decline" | "hangUp" | "silence" | "dismiss" | "wake" | "networkChanged" }
  | { readonly type: "setMicrophone" | "setCamera"; readonly on: boolean }
  | { readonly type: "setOnline"; readonly isOnline: boolean }
  | { readonly type: "markSeen"; readonly callIds: readonly CallId[] }
  | { readonly type: "sendChat"; readonly text: string }
  | { readonly type: "close"; readonly intent: string | undefined };

/** A Peerline without a server: shows what it is told to and notes what is asked of it. */
export interface FakePeerline extends Peerline {
  readonly requests: readonly FakeRequest[];
  show(view: PeerlineView): void;
}

export function createFakePeerline(first: PeerlineView, pingMs: () => Promise<number>): FakePeerline {
  let view = first;
  const requests: FakeRequest[] = [];
  const listeners = new Set<(view: PeerlineView) => void>();
  const note = (request: FakeRequest) => void requests.push(request);
  return {
    requests,
    show(next) {
      view = next;
      for (const listener of listeners) listener(next);
    },
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dial(user, kind): CallId {
      note({ type: "dial", user, kind });
      return "0".repeat(32);
    },
    accept: (kind) => note({ type: "accept", kind }),
    decline: () => note({ type: "decline" }),
    hangUp: () => note({ type: "hangUp" }),
    silence: () => note({ type: "silence" }),
    setMicrophone: (on) => note({ type: "setMicrophone", on }),
    setCamera: (on) => note({ type: "setCamera", on }),
    setHold: () => undefined,
    sendTracks: () => {},
    sendChat(text) {
      note({ type: "sendChat", text });
      return view.details?.canChat ?? false;
    },
    sendExtension: () => "0".repeat(32),
    dismiss: () => note({ type: "dismiss" }),
    markSeen: (callIds) => note({ type: "markSeen", callIds }),
    ping: pingMs,
    details: () => view.details,
    wake: () => note({ type: "wake" }),
    networkChanged: () => note({ type: "networkChanged" }),
    setOnline: (isOnline) => note({ type: "setOnline", isOnline }),
    close: (intent) => note({ type: "close", intent }),
  };
}
