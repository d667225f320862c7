/**
 * Where the parts of a world of calls are in its tuple of integers: the server, what may still go wrong, and for each
 * endpoint its client, its wire and its mail.
 */
export const slot = { server: 0, faults: 1, wipes: 2, deaths: 3, willful: 4, reloads: 5, stuck: 6 } as const;

const firstActor = 7;
const actorWidth = 6;

/** `results`, `stored` and `mail` are lists; `last` is an event, or `none`. */
export const part = { client: 0, wire: 1, results: 2, stored: 3, mail: 4, last: 5 } as const;

export const none = -1;

export function widthFor(actors: number): number {
  return firstActor + actors * actorWidth;
}

export function at(actor: number, which: number): number {
  return firstActor + actor * actorWidth + which;
}

/** Bits of `part.wire`; above them is the number of events that wait since the last Hello. */
export const wire = {
  /** The server knows the endpoint's epoch. */
  knowsEpoch: 1,
  hasStream: 2,
  isDead: 4,
} as const;

const flagBits = 3;
export const flags = (1 << flagBits) - 1;

/** Events that wait since the last Hello: what comes behind them was not missed. */
export function toCatchUp(bits: number): number {
  return bits >> flagBits;
}

export function catchingUp(bits: number, events: number): number {
  return (bits & flags) | (events << flagBits);
}

export function isLive(bits: number): boolean {
  return (bits & (wire.knowsEpoch | wire.hasStream)) === (wire.knowsEpoch | wire.hasStream);
}

/** A value of the tuple: never absent. */
export function read(state: ArrayLike<number>, place: number): number {
  const value = state[place];
  if (value === undefined) throw new RangeError(`the state has no place ${place}`);
  return value;
}
