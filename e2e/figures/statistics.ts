/** The smallest value that at least `part` (0 to 1) of the values do not exceed. NaN of none. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const index = Math.max(0, Math.ceil(part * sorted.length) - 1);
  return sorted[index] ?? Number.NaN;
}

/** Median, 95 % and greatest value, rounded to whole milliseconds, under `${name}P50Ms` and so on. */
export function spread(name: string, valuesMs: readonly number[]): Readonly<Record<string, number>> {
  const rounded = (part: number) => Math.round(quantile(valuesMs, part));
  return {
    [`${name}P50Ms`]: rounded(0.5),
    [`${name}P95Ms`]: rounded(0.95),
    [`${name}MaxMs`]: rounded(1),
  };
}

/** How many values fall into each bin of `binMs` from 0 on, up to the last one that holds any. */
export function histogram(valuesMs: readonly number[], binMs: number): readonly number[] {
  const bins = Array.from({ length: Math.floor(Math.max(-1, ...valuesMs) / binMs) + 1 }, () => 0);
  for (const value of valuesMs) {
    const bin = Math.max(0, Math.floor(value / binMs));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}
