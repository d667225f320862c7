import type { CallId, Clock, LocalMediaState, MediaHandle, MediaPort, Report } from "@peerline/call-machine";
import type { CallTracks, MediaSource, SourceName } from "../peerline.ts";
import { createLocalSource, type LocalSource } from "./local-source.ts";
import { createTrackPool, type TrackPool } from "./track-pool.ts";

/** How long a call waits for its devices, in ms: a question that nobody has answered by then is `waiting`, and the call goes on. */
export const permissionWaitMs = 5_000;

/**
 * The call machine's media port over one set of devices. Calls share open devices, so that a call which takes another's
 * place keeps them without a second prompt. `onTracks` follows every change of what a call may send. A source that fails, or gives
 * what cannot be used, is reported.
 */
export function createLocalMedia(
  source: MediaSource,
  { clock, report }: { readonly clock: Clock; readonly report: Report },
  onTracks: (callId: CallId, tracks: CallTracks) => void,
): MediaPort {
  const pool = createTrackPool(source, report);
  return {
    open(callId, wanted, receive) {
      const devices = openDevices(pool, clock, callId, {
        onTracks: (tracks) => onTracks(callId, tracks),
        onState: (media) => receive({ type: "media.changed", media }),
      });
      devices.open(sourceNames.filter((name) => wanted[name]));
      return devices;
    },
  };
}

const sourceNames = ["microphone", "camera"] as const;

interface DeviceListener {
  onTracks(tracks: CallTracks): void;
  onState(state: LocalMediaState): void;
}

interface Devices extends MediaHandle {
  open(names: readonly SourceName[]): void;
}

function openDevices(pool: TrackPool, clock: Clock, callId: CallId, listener: DeviceListener): Devices {
  const waits = new Set<() => void>();
  let closed = false;
  const create = (name: SourceName) =>
    createLocalSource({
      name,
      closesWhenOff: name === "camera",
      enable: (isOn) => pool.enable(callId, name, isOn),
      release: () => pool.release(callId, name),
      onLost: () => report(),
    });
  const sources = { microphone: create("microphone"), camera: create("camera") };

  async function open(names: readonly SourceName[], again: boolean): Promise<void> {
    for (const name of names) sources[name].opening();
    const stopWait = clock.setTimer(clock.now() + permissionWaitMs, () => {
      if (names.filter((name) => sources[name].waited()).length > 0) report();
    });
    waits.add(stopWait);
    const answers = await pool.acquire(callId, names, again);
    stopWait();
    waits.delete(stopWait);
    if (closed) return;
    for (const name of names) sources[name].settle(answers[name] ?? "missing");
    report();
  }

  function report(): void {
    if (closed) return;
    listener.onTracks(tracksOf(sources));
    listener.onState({ microphone: sources.microphone.state(), camera: sources.camera.state() });
  }

  function set(name: SourceName, on: boolean): void {
    if (closed) return;
    const source = sources[name];
    const next = on ? source.turnOn() : "changed";
    if (next !== "changed") void open([name], next === "again");
    if (on || source.turnOff()) report();
  }

  return {
    open: (names) => void open(names, false),
    setMicrophone: (on) => set("microphone", on),
    setCamera: (on) => set("camera", on),
    close() {
      if (closed) return;
      closed = true;
      for (const stopWait of waits) stopWait();
      for (const name of sourceNames) {
        sources[name].close();
        pool.release(callId, name);
      }
      listener.onTracks({});
    },
  };
}

function tracksOf(sources: Readonly<Record<SourceName, LocalSource>>): CallTracks {
  const microphone = sources.microphone.track();
  const camera = sources.camera.track();
  return { ...(microphone ? { microphone } : {}), ...(camera ? { camera } : {}) };
}
