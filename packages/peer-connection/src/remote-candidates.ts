import type { CandidatesSignal, Clock, Logger } from "@peerline/call-machine";
import {
  type CandidateQueue,
  describeRemote,
  emptyQueue,
  expireCandidates,
  expiresAt,
  type Release,
  receiveCandidates,
} from "./candidate-queue.ts";
import type { ConnectionLike } from "./connection-like.ts";

/** Gives the peer's candidates to a connection, each when its description is there. */
export interface RemoteCandidates {
  add(signal: CandidatesSignal): void;
  /** The remote description has these ufrags now. */
  described(ufrags: readonly string[]): void;
  /** The ufrags that were last described. */
  current(): readonly string[];
  close(): void;
}

/** Candidates that had to wait are counted in one `info` line when they are added. DESIGN 7, row 2. */
export function createRemoteCandidates(
  connection: ConnectionLike,
  clock: Clock,
  logger: Logger | undefined,
): RemoteCandidates {
  let queue: CandidateQueue = emptyQueue;
  let stopTimer: (() => void) | undefined;
  let closed = false;

  function step([next, release]: [CandidateQueue, Release]) {
    // A description that the platform took late may still come.
    if (closed) return;
    queue = next;
    stopTimer?.();
    const at = expiresAt(queue);
    stopTimer =
      at === undefined ? undefined : clock.setTimer(at, () => step(expireCandidates(queue, clock.now())));
    void add(release);
  }

  async function add({ add, pending }: Release): Promise<void> {
    const results = await Promise.allSettled(add.map(async (init) => connection.addIceCandidate(init)));
    const refused = results.filter(({ status }) => status === "rejected").length;
    if (pending > 0) logger?.info(`${pending} pending candidates added`, { pending, refused });
    else if (refused > 0) logger?.debug("candidates refused", { refused });
  }

  return {
    add(signal) {
      step(receiveCandidates(queue, signal, clock.now()));
    },
    described(ufrags) {
      step(describeRemote(queue, ufrags, clock.now()));
    },
    current: () => queue.current,
    close() {
      closed = true;
      stopTimer?.();
      queue = emptyQueue;
    },
  };
}
