/** Edges of a graph over numbered states, kept in 8 bytes each. */
export interface Edges {
  add(from: number, to: number): void;
  /** The lowest of `count` states from which none of `goals` can be reached; `undefined`: there is none. */
  firstThatReachesNone(goals: readonly number[], count: number): number | undefined;
}

const firstCapacity = 1 << 16;

export function createEdges(): Edges {
  let froms = new Int32Array(firstCapacity);
  let tos = new Int32Array(firstCapacity);
  let size = 0;
  return {
    add(from, to) {
      if (size === froms.length) {
        froms = doubled(froms);
        tos = doubled(tos);
      }
      froms[size] = from;
      tos[size] = to;
      size++;
    },
    firstThatReachesNone(goals, count) {
      const reaches = reachBack(goals, count, froms.subarray(0, size), tos.subarray(0, size));
      const index = reaches.indexOf(0);
      return index < 0 ? undefined : index;
    },
  };
}

/** 1 for each state with a way to a goal: breadth first over the edges turned round. */
function reachBack(goals: readonly number[], count: number, froms: Int32Array, tos: Int32Array): Uint8Array {
  const starts = new Int32Array(count + 1);
  for (const to of tos) starts[to + 1] = (starts[to + 1] ?? 0) + 1;
  for (let i = 0; i < count; i++) starts[i + 1] = (starts[i + 1] ?? 0) + (starts[i] ?? 0);
  const sources = new Int32Array(tos.length);
  const fill = starts.slice();
  for (const [edge, to] of tos.entries()) {
    const place = fill[to] ?? 0;
    sources[place] = froms[edge] ?? 0;
    fill[to] = place + 1;
  }
  const reaches = new Uint8Array(count);
  const queue = [...goals];
  for (const goal of goals) reaches[goal] = 1;
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    for (let edge = starts[at] ?? 0; edge < (starts[at + 1] ?? 0); edge++) {
      const source = sources[edge] ?? 0;
      if (reaches[source] === 1) continue;
      reaches[source] = 1;
      queue.push(source);
    }
  }
  return reaches;
}

function doubled(from: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(from.length * 2);
  larger.set(from);
  return larger;
}
