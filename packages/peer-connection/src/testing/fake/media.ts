import type { TransceiverLike } from "../../connection-like.ts";
import type { FakeLine } from "./sdp.ts";
import { createFakeTrack } from "./track.ts";

/** The transceivers of a fake connection, as JSEP (RFC 9429) moves them. */
export interface FakeMedia {
  readonly all: readonly TransceiverLike[];
  /** How often `replaceTrack` was called. */
  readonly replaced: number;
  add(kind: "audio" | "video", direction: RTCRtpTransceiverDirection): TransceiverLike;
  /** The lines of an own offer. */
  offer(): FakeLine[];
  /** The line that answers one of the peer's. */
  answer(line: FakeLine): FakeLine;
  /** An own offer with these lines is set: its transceivers have mids. */
  associate(lines: readonly FakeLine[]): void;
  /** The peer's lines are set. Returns the tracks that begin to come in. */
  receive(lines: readonly FakeLine[]): MediaStreamTrack[];
  /** A point that `restore` returns to. */
  save(): void;
  restore(): void;
  stop(): void;
}

interface FakeTransceiver extends TransceiverLike {
  mid: string | null;
  readonly kind: "audio" | "video";
  receiving: boolean;
  stopped: boolean;
}

/** No transceivers yet. */
export function createFakeMedia(): FakeMedia {
  let all: FakeTransceiver[] = [];
  let saved: { one: FakeTransceiver; mid: string | null; receiving: boolean }[] = [];
  let replaced = 0;
  let closed = false;

  function create(kind: "audio" | "video", direction: RTCRtpTransceiverDirection, mid: string | null) {
    let track: MediaStreamTrack | null = null;
    const transceiver: FakeTransceiver = {
      mid,
      kind,
      direction,
      receiving: false,
      stopped: false,
      sender: {
        get track() {
          return track;
        },
        async replaceTrack(next) {
          if (closed) throw new DOMException("closed", "InvalidStateError");
          if (next !== null && next.kind !== kind) throw new TypeError(`not a track of ${kind}`);
          replaced++;
          track = next;
        },
      },
      receiver: { track: createFakeTrack(kind) },
      stop() {
        transceiver.stopped = true;
        all = all.filter((one) => one !== transceiver || one.mid !== null);
      },
    };
    all.push(transceiver);
    return transceiver;
  }

  function startsReceiving({ mid, kind, direction }: FakeLine): MediaStreamTrack[] {
    if (kind === "application") return [];
    const one = all.find((candidate) => candidate.mid === mid) ?? create(kind, "recvonly", mid);
    const sends = direction === "sendrecv" || direction === "sendonly";
    const begins = sends && !one.receiving;
    one.receiving = sends;
    return begins ? [one.receiver.track] : [];
  }

  return {
    get all() {
      return all;
    },
    get replaced() {
      return replaced;
    },
    add: (kind, direction) => create(kind, direction, null),
    offer() {
      const used = all.flatMap(({ mid }) => (mid === null ? [] : [Number(mid)]));
      let next = Math.max(-1, ...used) + 1;
      return all.map(({ mid, kind, direction }) => ({ mid: mid ?? String(next++), kind, direction }));
    },
    answer({ mid, kind, direction }) {
      const own = all.find((one) => one.mid === mid)?.direction ?? direction;
      const sends = own === "sendrecv" || own === "sendonly";
      return { mid, kind, direction: sends ? "sendrecv" : "recvonly" };
    },
    associate(lines) {
      const unnamed = all.filter(({ mid }) => mid === null);
      const fresh = lines.filter(
        ({ mid, kind }) => kind !== "application" && all.every((one) => one.mid !== mid),
      );
      for (const [i, one] of unnamed.entries()) one.mid = fresh[i]?.mid ?? null;
    },
    receive: (lines) => lines.flatMap(startsReceiving),
    save() {
      saved = all.map((one) => ({ one, mid: one.mid, receiving: one.receiving }));
    },
    restore() {
      all = saved.map(({ one, mid, receiving }) => Object.assign(one, { mid, receiving }));
    },
    stop() {
      closed = true;
    },
  };
}
