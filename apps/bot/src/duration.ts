const units = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
]);

/** Milliseconds of "250ms", "30s" or "2m"; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) ?? [];
  const factor = units.get(unit ?? "");
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}
