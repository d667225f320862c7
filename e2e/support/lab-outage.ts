/** A longer silence than this is an outage without a doubt: sound comes every 20 ms, and the machine may be busy. */
const outageMs = 500;
/** Media is back when it comes for this long, without an outage. */
const steadyMs = 1_000;
/** A change that has caused no outage by then causes none: a dead path is silent at once. */
const watchMs = 5_000;

/**
 * How long media was away: from `sinceMs` to the first arrival after an outage that media goes on from, or the longest
 * silence when there was no outage within five seconds. Undefined: it is not back for certain at `nowMs`, or too little time
 * has passed to say. `arrivals` in ms, in order.
 */
export function outageAfter(arrivals: readonly number[], sinceMs: number, nowMs: number): number | undefined {
  const after = arrivals.filter((at) => at > sinceMs);
  let previous = sinceMs;
  let longest = 0;
  for (const [index, at] of after.entries()) {
    if (at - previous >= outageMs && goesOn(after.slice(index), nowMs)) return Math.round(at - sinceMs);
    longest = Math.max(longest, at - previous);
    previous = at;
  }
  const sawItAll = nowMs - sinceMs >= watchMs && Math.max(longest, nowMs - previous) < outageMs;
  return sawItAll ? Math.round(longest) : undefined;
}

function goesOn(arrivals: readonly number[], nowMs: number): boolean {
  const [start = nowMs] = arrivals;
  const end = start + steadyMs;
  if (nowMs < end) return false;
  const marks = [...arrivals.filter((at) => at < end), end];
  return marks.every((at, index) => at - (marks[index - 1] ?? start) < outageMs);
}
