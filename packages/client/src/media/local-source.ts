import type { SourceState } from "@peerline/call-machine";
import type { SourceName } from "../peerline.ts";

/** One source of one call: whether it is wanted, open, refused. Holds a track, asks for nothing. */
export interface LocalSource {
  readonly name: SourceName;
  state(): SourceState;
  track(): MediaStreamTrack | undefined;
  /** It was asked for. */
  opening(): void;
  /** Nobody has answered for a while. False: that is no news. */
  waited(): boolean;
  /** What came of it; of more questions than one the first track counts. */
  settle(answer: MediaStreamTrack | SourceState): void;
  /** `open`: the device has to be asked for. `again`: once more, because nobody has answered. */
  turnOn(): "open" | "again" | "changed";
  /** False: there was nothing to turn off. */
  turnOff(): boolean;
  /** The call is over: the track is listened to no more. It keeps nothing of the call alive. */
  close(): void;
}

export interface LocalSourceOptions {
  readonly name: SourceName;
  /** A microphone is silenced and stays open; a camera is closed, so that its light goes out. */
  readonly closesWhenOff: boolean;
  readonly enable: (isOn: boolean) => void;
  readonly release: () => void;
  /** The device went away by itself. */
  readonly onLost: () => void;
}

export function createLocalSource(options: LocalSourceOptions): LocalSource {
  const { name, closesWhenOff, enable, release, onLost } = options;
  /** While there is no track. */
  let without: SourceState = "off";
  let track: MediaStreamTrack | undefined;
  let wanted = false;
  let stopListening: () => void = () => undefined;

  const isPending = () => track === undefined && (without === "opening" || without === "waiting");

  function drop(next: SourceState): void {
    stopListening();
    track = undefined;
    without = next;
    release();
  }

  function take(answer: MediaStreamTrack): void {
    stopListening();
    track = answer;
    enable(wanted);
    const lose = () => {
      if (track !== answer) return;
      drop("missing");
      onLost();
    };
    answer.addEventListener?.("ended", lose, { once: true });
    stopListening = () => answer.removeEventListener?.("ended", lose);
  }

  return {
    name,
    state() {
      if (track !== undefined) return wanted ? "on" : "off";
      return isPending() && !wanted ? "off" : without;
    },
    track: () => track,
    opening() {
      wanted = true;
      without = "opening";
    },
    waited() {
      if (track !== undefined || without !== "opening") return false;
      without = "waiting";
      return true;
    },
    settle(answer) {
      if (typeof answer === "string") without = answer;
      else if (!wanted && closesWhenOff) drop("off");
      else if (track !== answer) take(answer);
    },
    turnOn() {
      wanted = true;
      if (track === undefined) return isPending() ? (without === "waiting" ? "again" : "changed") : "open";
      enable(true);
      return "changed";
    },
    turnOff() {
      const was = wanted;
      wanted = false;
      if (track === undefined) return was && isPending();
      if (closesWhenOff) drop("off");
      else enable(false);
      return true;
    },
    close: () => stopListening(),
  };
}
