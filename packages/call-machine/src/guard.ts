import type { Logger } from "./ports.ts";
import { textOf } from "./text-of.ts";

/** Takes what a callback of the application threw, or what its promise was rejected with. Must not throw. */
export type Report = (callback: string, thrown: unknown) => void;

/**
 * `callback` for a caller that goes on whatever it does: what it throws, or its promise is rejected with, goes to `report` under
 * `name`. What it returns is dropped.
 */
export function guard<A extends readonly unknown[]>(
  report: Report,
  name: string,
  callback: (...args: A) => unknown,
): (...args: A) => void {
  const failed = (thrown: unknown) => report(name, thrown);
  return (...args) => {
    try {
      const returned = callback(...args);
      if (returned !== undefined) Promise.resolve(returned).catch(failed);
    } catch (thrown) {
      failed(thrown);
    }
  };
}

/** The same logger, which never throws: its own failures go to `report`, by default nowhere. */
export function guardLogger(logger: Logger, report: Report = () => undefined): Logger {
  const method = (name: keyof Logger) =>
    guard(report, `logger.${name}`, (...args: Parameters<Logger["info"]>) => logger[name](...args));
  return { debug: method("debug"), info: method("info"), warn: method("warn") };
}

/** Reports to a logger, as a warning with the callback's name and the error's text. */
export function reportTo(logger: Logger | undefined): Report {
  return (callback, thrown) =>
    logger?.warn("a callback of the application failed", { callback, error: textOf(thrown) });
}
