import type { SourceState } from "@peerline/call-machine";
import type { SourceName } from "../peerline.ts";

/** One source of one call: whether it is wanted, open, refused. Holds a track, asks for nothing. */
export interface LocalSource {
  readonly name: SourceName;
  state(): SourceState;
  track(): MediaStreamTrack | undefined;
  /** It was asked for. */
  opening(): void;
  /** What came of it. */
  settle(answer: MediaStreamTrack | SourceState): void;
  /** `open`: the device has to be asked for. */
  turnOn(): "open" | "changed";
  /** False: there was nothing to turn off. */
  turnOff(): boolean;
  /** The call is over: the track is listened to no more. It keeps nothing of the call alive. */
  close(): void;
}

export interface LocalSourceOptions {
  readonly name: SourceName;
  /** A microphone is silenced and stays open; a camera is closed, so that its light goes out. */
  readonly closesWhenOff: boolean;
  readonly release: () => void;
  /** The device went away by itself. */
  readonly onLost: () => void;
}

export function createLocalSource({ name, closesWhenOff, release, onLost }: LocalSourceOptions): LocalSource {
  let state: SourceState = "off";
  let track: MediaStreamTrack | undefined;
  let wanted = false;
  let stopListening: () => void = () => undefined;

  function drop(next: SourceState): void {
    stopListening();
    track = undefined;
    state = next;
    release();
  }

  return {
    name,
    state: () => state,
    track: () => track,
    opening() {
      wanted = true;
      state = "opening";
    },
    settle(answer) {
      if (typeof answer === "string") {
        state = answer;
      } else if (!wanted && closesWhenOff) {
        drop("off");
      } else {
        track = answer;
        answer.enabled = wanted;
        state = wanted ? "on" : "off";
        const lose = () => {
          if (track !== answer) return;
          drop("missing");
          onLost();
        };
        answer.addEventListener("ended", lose, { once: true });
        stopListening = () => answer.removeEventListener("ended", lose);
      }
    },
    turnOn() {
      wanted = true;
      if (state === "opening") return "changed";
      if (!track) return "open";
      track.enabled = true;
      state = "on";
      return "changed";
    },
    turnOff() {
      wanted = false;
      if (!track) return false;
      if (closesWhenOff) drop("off");
      else {
        track.enabled = false;
        state = "off";
      }
      return true;
    },
    close: () => stopListening(),
  };
}
