const levels: Readonly<Record<number, string>> = { 20: "debug", 30: "", 40: "warn ", 50: "error " };
const timeStart = 11;
const timeEnd = 19;

/** A JSON log line as one short line: "12:34:56 call ended  from=ada to=bob reason=hung-up". */
export function devLine(json: string): string {
  const { level, time, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const clock = String(time).slice(timeStart, timeEnd);
  const rest = Object.entries(fields).map(([name, value]) => `${name}=${shortened(value)}`);
  return `${clock} ${levels[Number(level)] ?? ""}${[String(msg), ...rest].join("  ")}\n`;
}

const idChars = 8;

function shortened(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return /^[0-9a-f]{32}$/.test(text) ? text.slice(0, idChars) : text;
}
