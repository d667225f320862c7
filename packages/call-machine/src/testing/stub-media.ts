import type { MediaPort } from "../ports.ts";
import type { CallId, LocalMediaState } from "../types.ts";

/** One call of a `MediaHandle` method, whole. */
export type MediaCall =
  | { readonly method: "setMicrophone"; readonly on: boolean }
  | { readonly method: "setCamera"; readonly on: boolean }
  | { readonly method: "close" };

/** The devices that one call asked for. */
export interface StubMediaSession {
  readonly callId: CallId;
  readonly wanted: { readonly microphone: boolean; readonly camera: boolean };
  readonly calls: readonly MediaCall[];
  closed(): boolean;
  /** Reports `media.changed`. Dropped after `close`. */
  push(media: LocalMediaState): void;
}

/** Devices that are not there: they keep what they are asked, and are what a test says. */
export interface StubMedia extends MediaPort {
  readonly opened: readonly StubMediaSession[];
  /** The newest one. Throws when none was opened. */
  latest(): StubMediaSession;
}

export function stubMedia(): StubMedia {
  const opened: StubMediaSession[] = [];
  return {
    opened,
    latest() {
      const last = opened.at(-1);
      if (!last) throw new Error("no devices were opened: dial or accept first");
      return last;
    },
    open(callId, wanted, receive) {
      const calls: MediaCall[] = [];
      const isClosed = () => calls.some(({ method }) => method === "close");
      opened.push({
        callId,
        wanted: { microphone: wanted.microphone, camera: wanted.camera },
        calls,
        closed: isClosed,
        push: (media) => (isClosed() ? undefined : receive({ type: "media.changed", media })),
      });
      return {
        setMicrophone: (on) => void calls.push({ method: "setMicrophone", on }),
        setCamera: (on) => void calls.push({ method: "setCamera", on }),
        close: () => void calls.push({ method: "close" }),
      };
    },
  };
}
