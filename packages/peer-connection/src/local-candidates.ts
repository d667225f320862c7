import type { CandidatesSignal, Clock, IceCandidateSignal } from "@peerline/call-machine";
import {
  again,
  beginUfrag,
  emptyBatch,
  endGathering,
  flush,
  gather,
  gatheringCapMs,
} from "./candidate-batch.ts";
import type { CandidateEventLike, ConnectionLike } from "./connection-like.ts";
import { iceUfrags } from "./description.ts";
import type { Handlers } from "./handlers.ts";

/** Sends what a connection gathers, in batches. */
export interface LocalCandidates {
  /** Holds everything back while a description is made: it must leave first. */
  pause(): void;
  /** The description has left: what gathered meanwhile follows, and the gathering cap begins. */
  resume(): void;
  /** Sends everything of the present ICE generation once more. */
  resend(): void;
  close(): void;
}

/** Everything that gathers in one turn of the event loop travels in one signal. PROTOCOL D5, D15. */
export function createLocalCandidates(
  connection: ConnectionLike,
  generation: number,
  { clock, handlers }: { readonly clock: Clock; readonly handlers: Handlers },
  send: (signal: CandidatesSignal) => void,
): LocalCandidates {
  let batch = emptyBatch(generation);
  let paused = false;
  let closed = false;
  /** Ends with the next flush: some implementations say so just before the last candidates. */
  let ending = false;
  let stopFlush: (() => void) | undefined;
  let stopCap: (() => void) | undefined;

  const localUfrag = () => iceUfrags(connection.localDescription?.sdp ?? "")[0];

  function flushSoon() {
    if (!paused && !closed) stopFlush ??= clock.setTimer(clock.now(), flushNow);
  }

  function flushNow() {
    stopFlush = undefined;
    if (paused || closed) return;
    if (ending) batch = endGathering(batch);
    ending = false;
    const [next, signals] = flush(batch);
    batch = next;
    for (const signal of signals) send(signal);
  }

  function end() {
    stopCap?.();
    stopCap = undefined;
    ending = true;
    flushSoon();
  }

  const onCandidate = handlers.on((event: CandidateEventLike) => {
    const { ufrag = localUfrag(), signal } = readCandidate(event);
    if (closed || ufrag === undefined || signal === undefined) return;
    if (signal === "end") {
      if (batch.present === undefined) batch = beginUfrag(batch, ufrag);
      return end();
    }
    batch = gather(batch, ufrag, signal);
    flushSoon();
  });
  connection.addEventListener("icecandidate", onCandidate);

  return {
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      if (closed) return;
      const ufrag = localUfrag();
      if (ufrag !== undefined && batch.present?.ufrag !== ufrag) batch = beginUfrag(batch, ufrag);
      stopCap?.();
      stopCap =
        batch.present?.ended === false ? clock.setTimer(clock.now() + gatheringCapMs, end) : undefined;
      flushSoon();
    },
    resend() {
      for (const signal of again(batch)) send(signal);
    },
    close() {
      closed = true;
      stopFlush?.();
      stopCap?.();
    },
  };
}

interface GatheredCandidate {
  readonly ufrag?: string | undefined;
  /** `undefined`: the event cannot be read. */
  readonly signal: IceCandidateSignal | "end" | undefined;
}

/** What a platform's event says, whatever is in it. */
function readCandidate({ candidate: one }: CandidateEventLike): GatheredCandidate {
  const { candidate = "", sdpMid, sdpMLineIndex, usernameFragment } = one ?? {};
  if (typeof candidate !== "string") return { signal: undefined };
  const named = usernameFragment ?? / ufrag (\S+)/.exec(candidate)?.[1];
  const ufrag = typeof named === "string" && named !== "" ? named : undefined;
  if (candidate === "") return { ufrag, signal: "end" };
  const place = {
    sdpMid: typeof sdpMid === "string" ? sdpMid : "",
    sdpMLineIndex: typeof sdpMLineIndex === "number" ? sdpMLineIndex : 0,
  };
  return { ufrag, signal: { candidate, ...place } };
}
