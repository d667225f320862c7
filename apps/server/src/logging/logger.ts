import type { Logger } from "@peerline/call-machine";
import { type DestinationStream, pino } from "pino";
import type { LogLevel } from "../config/config.ts";
import { devLine } from "./dev-line.ts";

/** JSON lines on stderr, or short lines for a person in development. Neither ever holds SDP, candidates or tokens. */
export function createLogger(options: {
  readonly level: LogLevel;
  readonly human: boolean;
  readonly write: (line: string) => void;
}): Logger {
  const destination: DestinationStream = {
    write: (line) => options.write(options.human ? devLine(line) : line),
  };
  const settings = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const log = pino(
    { ...settings, redact: ["token", "sdp", "candidate", "credential", "authorization"] },
    destination,
  );
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
  };
}
