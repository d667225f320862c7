import type { CallId, CallView, Clock } from "@peerline/call-machine";
import type { Incoming } from "@peerline/peer-connection";
import type { SourceName } from "../peerline.ts";

/** How long a source that is on may bring nothing, after the connection has noticed (about 1.25 s), in ms. */
export const pausedAfterMs = 1_250;

/** Which of the peer's sources are on and bring nothing. */
export type PausedSources = Readonly<Record<SourceName, boolean>>;

/** Tells a peer's source that is on and brings nothing from one that is off. */
export interface PauseWatch {
  /** What comes in over a call's connection. Never told: the platform does not count, and nothing is ever called paused. */
  onIncoming(callId: CallId, incoming: Incoming<boolean>): void;
  /** The calls as they are now. Of those that are gone nothing is left. */
  follow(calls: readonly CallView[]): void;
}

interface Watched {
  call: CallView;
  incoming: Incoming<boolean> | undefined;
  paused: PausedSources;
  readonly timers: Map<SourceName, () => void>;
}

/** Nothing is. */
export const nonePaused: PausedSources = { microphone: false, camera: false };

const kinds = { microphone: "audio", camera: "video" } as const;
const names = ["microphone", "camera"] as const;

/** `onPaused` follows each change. */
export function createPauseWatch(
  clock: Clock,
  onPaused: (callId: CallId, paused: PausedSources) => void,
): PauseWatch {
  const watched = new Map<CallId, Watched>();

  function set(one: Watched, name: SourceName, isPaused: boolean): void {
    if (one.paused[name] === isPaused) return;
    one.paused = { ...one.paused, [name]: isPaused };
    onPaused(one.call.callId, one.paused);
  }

  function judge(one: Watched): void {
    for (const name of names) {
      if (!isMissing(one, name)) {
        stop(one, name);
        set(one, name, false);
      } else if (!one.paused[name] && !one.timers.has(name)) {
        const pause = () => set(one, name, true);
        one.timers.set(name, clock.setTimer(clock.now() + pausedAfterMs, pause));
      }
    }
  }

  return {
    onIncoming(callId, incoming) {
      const one = watched.get(callId);
      if (one === undefined) return;
      one.incoming = incoming;
      judge(one);
    },
    follow(calls) {
      for (const [callId, one] of watched) {
        if (calls.some((call) => call.callId === callId)) continue;
        for (const name of names) stop(one, name);
        watched.delete(callId);
      }
      for (const call of calls) {
        const one = watched.get(call.callId) ?? {
          call,
          incoming: undefined,
          paused: nonePaused,
          timers: new Map(),
        };
        one.call = call;
        watched.set(call.callId, one);
        judge(one);
      }
    },
  };
}

function stop({ timers }: Watched, name: SourceName): void {
  timers.get(name)?.();
  timers.delete(name);
}

function isMissing({ call, incoming }: Watched, name: SourceName): boolean {
  const { phase, hold, remoteMedia } = call;
  const flows = (phase === "live" || phase === "reconnecting") && !hold.local && !hold.remote;
  return flows && remoteMedia?.[name] === true && incoming?.[kinds[name]] === false;
}
