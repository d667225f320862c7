/** Numbers that look random and are the same for the same seed. Not for anything secret. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number;
  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean;
  /** One of a list that is not empty; throws a RangeError otherwise. */
  pick<T>(list: readonly T[]): T;
  /** Lower-case hex digits of this many bytes: ids. */
  hex(bytes: number): string;
}

/** The mulberry32 generator: 32 bits of state, enough for tests. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    next,
    between,
    chance: (probability) => next() < probability,
    pick(list) {
      const [chosen] = list.slice(between(0, list.length - 1));
      if (chosen === undefined) throw new RangeError("nothing to pick from an empty list");
      return chosen;
    },
    hex: (bytes) =>
      Array.from({ length: bytes }, () => between(0, 255).toString(16).padStart(2, "0")).join(""),
  };
}
