const units = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/** The longest that is taken: no call lasts so long, and timers of the platform break at 24.8 days. */
const longestMs = 24 * 3_600_000;

/** How to write one, for the end of an error. */
export const durationHelp = 'Write it like "250ms", "30s", "2m" or "1h", at most "24h".';

/** Milliseconds of "250ms", "30s", "2m" or "1h"; `undefined` for anything else, and for more than 24 h. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = units.get(unit ?? "");
  if (amount === undefined || factor === undefined) return undefined;
  const ms = Number(amount) * factor;
  return ms <= longestMs ? ms : undefined;
}
