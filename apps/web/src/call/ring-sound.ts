import { type ReadonlySignal, signal } from "@preact/signals";
import { attempt } from "../state/attempt.ts";
import { type RingSoundName, renderPattern, ringPatterns } from "./ring-tone.ts";

/** The ringtone and the ringback of one tab. */
export interface RingSound {
  /** True while something should be heard and the browser does not let it: a click is needed first. UX F3. */
  readonly blocked: ReadonlySignal<boolean>;
  /** Plays this in a loop instead of what played before; `undefined` is silence. */
  play(name: RingSoundName | undefined): void;
  /** To be called from a click: the browser allows sound from then on. */
  unlock(): void;
  close(): void;
}

/** Makes no audio context before there is something to play. A browser without one rings in silence. */
export function createRingSound(createContext: () => AudioContext = () => new AudioContext()): RingSound {
  const blocked = signal(false);
  let context: AudioContext | undefined;
  let playing: { readonly name: RingSoundName; readonly source: AudioBufferSourceNode } | undefined;

  function note(): void {
    blocked.value = playing !== undefined && context?.state === "suspended";
  }

  function start(name: RingSoundName): AudioBufferSourceNode {
    context ??= createContext();
    context.onstatechange = note;
    return startLoop(context, name);
  }

  return {
    blocked,
    play(name) {
      if (playing?.name === name) return;
      playing?.source.stop();
      const source = name && attempt(() => start(name));
      playing = name && source && { name, source };
      note();
    },
    unlock() {
      if (context?.state === "suspended") void context.resume().then(note, note);
    },
    close() {
      playing?.source.stop();
      playing = undefined;
      void context?.close().catch(() => {});
      note();
    },
  };
}

function startLoop(context: AudioContext, name: RingSoundName): AudioBufferSourceNode {
  const samples = renderPattern(ringPatterns[name], context.sampleRate);
  const buffer = context.createBuffer(1, samples.length, context.sampleRate);
  buffer.copyToChannel(samples, 0);
  const source = context.createBufferSource();
  source.buffer = buffer;
  source.loop = true;
  source.connect(context.destination);
  source.start();
  return source;
}
