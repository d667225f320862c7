import { guard, guardLogger, type Report, reportTo } from "@peerline/call-machine";
import type { PeerlineOptions } from "./peerline.ts";

/** Options whose callbacks cannot stop the parts that call them, and where they report. */
export interface GuardedOptions {
  readonly options: PeerlineOptions;
  readonly report: Report;
}

/**
 * What the application's callbacks throw, or their promises are rejected with, is a warning of its logger, and without one an
 * error on the console. A logger that throws is told of once on the console, and goes on being asked.
 */
export function guardOptions({ logger: given, ...rest }: PeerlineOptions): GuardedOptions {
  let told = false;
  const logger =
    given &&
    guardLogger(given, (name, thrown) => {
      if (!told) toConsole(name, thrown);
      told = true;
    });
  const report = logger ? reportTo(logger) : toConsole;
  const { extensions = {}, onExtensionRefused, onSignal } = rest;
  const handlers = Object.entries(extensions).map(
    ([type, handler]) => [type, guard(report, `extensions["${type}"]`, handler)] as const,
  );
  const options = {
    ...rest,
    extensions: Object.fromEntries(handlers),
    ...(logger && { logger }),
    ...(onExtensionRefused && {
      onExtensionRefused: guard(report, "onExtensionRefused", onExtensionRefused),
    }),
    ...(onSignal && { onSignal: guard(report, "onSignal", onSignal) }),
  };
  return { options, report };
}

function toConsole(callback: string, thrown: unknown): void {
  // biome-ignore lint/suspicious/noConsole: the application set no logger, and its error must not vanish.
  console.error(`Peerline: ${callback}, given by the application, failed.`, thrown);
}
