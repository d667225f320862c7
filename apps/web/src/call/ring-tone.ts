/** One struck note of a ringing pattern. */
export interface RingNote {
  readonly atMs: number;
  readonly lengthMs: number;
  readonly frequencyHz: number;
  /** 0 to 1. */
  readonly level: number;
}

export interface RingPattern {
  readonly lengthMs: number;
  /** `struck` notes fade like a bell, `held` ones keep their level. */
  readonly shape: "struck" | "held";
  readonly notes: readonly RingNote[];
}

export type RingSoundName = "ringtone" | "ringback";

const melodyHz = [659.25, 783.99, 987.77, 783.99];
const strikeEveryMs = 180;

/** The ringtone: a soft figure of four bells, twice, then silence. The ringback: a plain tone, one second in five. */
export const ringPatterns: Record<RingSoundName, RingPattern> = {
  ringtone: {
    lengthMs: 3_200,
    shape: "struck",
    notes: [...melodyHz, ...melodyHz].map((frequencyHz, index) => ({
      atMs: index * strikeEveryMs,
      lengthMs: 700,
      frequencyHz,
      level: 0.28,
    })),
  },
  ringback: {
    lengthMs: 5_000,
    shape: "held",
    notes: [{ atMs: 0, lengthMs: 1_000, frequencyHz: 425, level: 0.06 }],
  },
};

const msPerSecond = 1_000;
const attackMs = 12;
const releaseMs = 40;
const fadeMs = 160;

/** The pattern as one channel of samples, to be played in a loop. */
export function renderPattern(
  { lengthMs, notes, shape }: RingPattern,
  sampleRate: number,
): Float32Array<ArrayBuffer> {
  const samples = new Float32Array(Math.round((lengthMs / msPerSecond) * sampleRate));
  for (const note of notes) {
    const first = Math.round((note.atMs / msPerSecond) * sampleRate);
    const count = Math.min(samples.length - first, Math.round((note.lengthMs / msPerSecond) * sampleRate));
    for (let index = 0; index < count; index++) {
      const ms = (index / sampleRate) * msPerSecond;
      const wave = Math.sin((2 * Math.PI * note.frequencyHz * ms) / msPerSecond);
      samples[first + index] =
        (samples[first + index] ?? 0) + wave * note.level * envelope(ms, note.lengthMs, shape);
    }
  }
  return samples;
}

function envelope(ms: number, lengthMs: number, shape: RingPattern["shape"]): number {
  const edges = Math.min(1, ms / attackMs, Math.max(0, lengthMs - ms) / releaseMs);
  return shape === "struck" ? edges * Math.exp(-ms / fadeMs) : edges;
}
