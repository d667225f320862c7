/** What a path does to every datagram, each way. */
export interface Trouble {
  readonly delayMs: number;
  /** From 0 to 1. */
  readonly loss: number;
}

/** `drawn` is in [0, 1). */
export function fateOf({ delayMs, loss }: Trouble, drawn: number): "lost" | { readonly afterMs: number } {
  return drawn < loss ? "lost" : { afterMs: delayMs };
}

/** Uniform in [0, 1), the same for the same seed: mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
