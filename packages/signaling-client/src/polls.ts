import type { PollResponse, ReceiveResponse } from "@peerline/protocol";
import { SignalingError } from "./signaling-error.ts";
import type { StreamHandlers } from "./stream.ts";

/** Empty answers in a row that may come at once. */
const hastyAllowed = 5;

/** A row of Polls that is read like one stream. PROTOCOL 1.14. */
export interface Polls {
  /** Gives up the Poll under way; then no handler is called. */
  close(): void;
  /** Asks again now, if nothing is under way and it may. */
  nudge(): void;
}

export interface PollsOptions extends StreamHandlers {
  /** Sends one Poll with the present cursor and token. `first`: nothing is known of the answers before. */
  readonly ask: (first: boolean, signal: AbortSignal) => Promise<PollResponse>;
  /** Runs a task after the frames that were handed on. */
  readonly post: (task: () => void) => void;
  /** False while a replacement is being opened: another Poll would push that one out. */
  readonly mayAsk: () => boolean;
  /** Between two Polls that are meant to be short, in ms; 0: they are held, and follow each other. */
  readonly pauseMs: () => number;
  /** The pause when the server does not hold what it is asked to hold. */
  readonly guardMs: number;
  readonly now: () => number;
  readonly setTimer: (at: number, run: () => void) => () => void;
}

/**
 * Polls until it fails, the server says goodbye, or it is closed. Each answer's frames are handed on before the next
 * Poll leaves, so that the next one acknowledges them.
 */
export function openPolls(options: PollsOptions): Polls {
  const { signal, abort } = controllerOf();
  let state: "asking" | "pausing" | "ready" | "over" = "ready";
  let cancelPause = (): void => undefined;
  let first = true;
  let hasty = 0;

  const land = (frames: readonly ReceiveResponse[], heldMs: number): void => {
    if (signal.aborted) return;
    state = frames.some(({ frame }) => frame.case === "goAway") ? "over" : "ready";
    if (state === "over") return;
    const empty = !frames.some(hasNews);
    hasty = empty && heldMs < options.guardMs ? hasty + 1 : 0;
    if (!empty) pause(0);
    else pause(options.pauseMs() || (hasty > hastyAllowed ? options.guardMs : 0));
  };
  const pause = (ms: number): void => {
    if (ms === 0) {
      ask();
      return;
    }
    state = "pausing";
    cancelPause = options.setTimer(options.now() + ms, () => options.post(ask));
  };
  const ask = (): void => {
    cancelPause();
    if (signal.aborted || state === "asking" || state === "over") return;
    state = "ready";
    if (!options.mayAsk()) return;
    state = "asking";
    void answer(first);
    first = false;
  };
  const answer = async (asFirst: boolean): Promise<void> => {
    const askedAt = options.now();
    try {
      const { frames } = await options.ask(asFirst, signal);
      if (signal.aborted) return;
      const heldMs = options.now() - askedAt;
      for (const frame of frames) options.onFrame(frame);
      options.post(() => land(frames, heldMs));
    } catch (reason) {
      state = "over";
      if (!signal.aborted) options.onEnd(SignalingError.from(reason));
    }
  };

  ask();
  return {
    close() {
      cancelPause();
      abort();
    },
    nudge() {
      if (state === "ready") ask();
    },
  };
}

function controllerOf() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** More than a sign of life. */
function hasNews({ frame }: ReceiveResponse): boolean {
  return frame.case !== "hello" && frame.case !== "ping";
}
