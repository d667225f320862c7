import { InvalidArgumentError } from "commander";
import { durationHelp, parseDuration } from "./duration.ts";
import { type PlannedFault, parseFaultPlan } from "./fault-plan.ts";

const longestNameBytes = 128;

/** `--server`: an http(s) URL, with a path or without, and nothing behind it. Throws commander's error, one line with the fix. */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!url || !isPlain || !/^https?:$/.test(url.protocol)) {
    throw new InvalidArgumentError(
      'Give an http(s) URL such as "http://localhost:8080", without name, query or fragment.',
    );
  }
  return url.href.replace(/\/+$/, "");
}

/** A user's name, own or called. Throws commander's error, one line with the fix. */
export function userName(text: string): string {
  if (!/[^\s\p{C}]/u.test(text))
    throw new InvalidArgumentError('Give a name that can be seen, such as "alice".');
  const bytes = Buffer.byteLength(text);
  if (bytes > longestNameBytes) {
    throw new InvalidArgumentError(`It has ${bytes} bytes. Give one of at most ${longestNameBytes}.`);
  }
  return text;
}

/** A length of time in ms. Throws commander's error, one line with the fix. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError(durationHelp);
  return ms;
}

/** `--fault`. Throws commander's error, one line with the fix. */
export function faultPlan(text: string): readonly PlannedFault[] {
  try {
    return parseFaultPlan(text);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}
