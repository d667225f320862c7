/** All states that were seen, exactly: each is a tuple of `width` integers, with the state and move it came from. */
export interface StateTable {
  readonly size: number;
  /** The number of the state, or of its mirror image if that was seen first. */
  add(state: ArrayLike<number>, mirror: ArrayLike<number> | undefined, from: number, move: number): number;
  get(index: number): Int32Array;
  /** -1: the first one. */
  fromOf(index: number): number;
  moveOf(index: number): number;
}

const firstCapacity = 1 << 16;
const maxLoad = 0.6;

/** Grows by doubling; about `4 * width + 16` bytes a state. */
export function createStateTable(width: number): StateTable {
  let capacity = firstCapacity;
  let states = new Int32Array(capacity * width);
  let parents = new Int32Array(capacity);
  let moves = new Int32Array(capacity);
  let slots = new Int32Array(capacity * 2).fill(-1);
  let size = 0;

  function find(state: ArrayLike<number>): number {
    const mask = slots.length - 1;
    for (let slot = hash(state) & mask; ; slot = (slot + 1) & mask) {
      const index = slots[slot] ?? -1;
      if (index < 0 || equals(index, state)) return slot;
    }
  }

  function equals(index: number, state: ArrayLike<number>): boolean {
    const base = index * width;
    for (let i = 0; i < width; i++) if (states[base + i] !== state[i]) return false;
    return true;
  }

  function grow(): void {
    capacity *= 2;
    states = enlarged(states, capacity * width);
    parents = enlarged(parents, capacity);
    moves = enlarged(moves, capacity);
  }

  function rehash(): void {
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let index = 0; index < size; index++) {
      slots[find(states.subarray(index * width, (index + 1) * width))] = index;
    }
  }

  return {
    get size() {
      return size;
    },
    add(state, mirror, from, move) {
      const slot = find(state);
      const known = slots[slot] ?? -1;
      if (known >= 0) return known;
      const mirrored = mirror === undefined ? -1 : (slots[find(mirror)] ?? -1);
      if (mirrored >= 0) return mirrored;
      if (size === capacity) grow();
      const index = size++;
      states.set(state, index * width);
      parents[index] = from;
      moves[index] = move;
      slots[slot] = index;
      if (size > slots.length * maxLoad) rehash();
      return index;
    },
    get: (index) => states.slice(index * width, (index + 1) * width),
    fromOf: (index) => parents[index] ?? -1,
    moveOf: (index) => moves[index] ?? -1,
  };
}

function enlarged(from: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(from);
  return larger;
}

/** Multiply and xor over the tuple; collisions are resolved by comparing. */
function hash(state: ArrayLike<number>): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < state.length; i++) {
    value = Math.imul(value ^ (state[i] ?? 0), 0x9e3779b1);
    value ^= value >>> 15;
  }
  value = Math.imul(value ^ (value >>> 13), 0x85ebca6b);
  return (value ^ (value >>> 16)) & 0x7fffffff;
}
