/** Longer silence than this is an outage: sound comes every 20 ms, and the machine may be busy. */
const outageMs = 500;
/** Media is back when it comes for this long, without an outage. */
const steadyMs = 1_000;

/**
 * How long media was away: from `sinceMs` to the first arrival after an outage that media goes on from. Undefined: it has
 * not been away, or is not back for certain at `nowMs`. `arrivals` in ms, in order.
 */
export function outageAfter(arrivals: readonly number[], sinceMs: number, nowMs: number): number | undefined {
  const after = arrivals.filter((at) => at > sinceMs);
  let previous = sinceMs;
  for (const [index, at] of after.entries()) {
    if (at - previous >= outageMs && goesOn(after.slice(index), nowMs)) return Math.round(at - sinceMs);
    previous = at;
  }
  return undefined;
}

function goesOn(arrivals: readonly number[], nowMs: number): boolean {
  const [start = nowMs] = arrivals;
  const end = start + steadyMs;
  if (nowMs < end) return false;
  const marks = [...arrivals.filter((at) => at < end), end];
  return marks.every((at, index) => at - (marks[index - 1] ?? start) < outageMs);
}
