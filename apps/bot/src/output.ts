import type { Logger } from "@peerline/call-machine";

/** NDJSON on stdout: one object a line, `event` first. Silent unless `--json`. */
export type Report = (event: string, fields?: Fields) => void;

type Fields = Readonly<Record<string, unknown>>;

export function createReport(json: boolean, write: (line: string) => void, now: () => number): Report {
  return (event, fields = {}) => {
    if (json) write(`${JSON.stringify({ event, at: new Date(now()).toISOString(), ...fields })}\n`);
  };
}

const levels = ["debug", "info", "warn"] as const;
export type LogLevel = (typeof levels)[number];

/** Log lines that a person reads: time, what happened, then `name=value` for the details. Nothing below `level`. */
export function createLogger(level: LogLevel, write: (line: string) => void, now: () => number): Logger {
  const log =
    (own: LogLevel) =>
    (message: string, fields: Fields = {}) => {
      if (levels.indexOf(own) < levels.indexOf(level)) return;
      const time = new Date(now()).toISOString().slice(11, 19);
      const details = Object.entries(fields).map(([name, value]) => ` ${name}=${shorten(value)}`);
      write(
        `${time} ${own === "warn" ? "WARN " : ""}${message}${details.length > 0 ? " " : ""}${details.join("")}\n`,
      );
    };
  return { debug: log("debug"), info: log("info"), warn: log("warn") };
}

const idDigits = 32;
const shownDigits = 8;

/** Ids are shown by their first digits: enough to follow one call. */
function shorten(value: unknown): string {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length === idDigits && /^[0-9a-f]+$/.test(text) ? text.slice(0, shownDigits) : text;
}
