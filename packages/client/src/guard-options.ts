import { type Clock, guard, guardLogger, type Report, reportTo } from "@peerline/call-machine";
import { systemClock } from "./clock.ts";
import type { PeerlineOptions } from "./peerline.ts";

/** Options whose callbacks cannot stop the parts that call them, and where they report. */
export interface GuardedOptions {
  readonly options: PeerlineOptions & { readonly clock: Clock };
  readonly report: Report;
}

/**
 * What the application's callbacks throw, or their promises are rejected with, is a warning of its logger, and without one an
 * error on the console. A logger that throws is told of once on the console, and goes on being asked.
 */
export function guardOptions({ logger: given, ...rest }: PeerlineOptions): GuardedOptions {
  const logger = given && guardLogger(given, once(toConsole));
  const report = logger ? reportTo(logger) : toConsole;
  const { clock, extensions = {}, onExtensionRefused, onSignal } = rest;
  const handlers = Object.entries(extensions).map(
    ([type, handler]) => [type, guard(report, `extensions["${type}"]`, handler)] as const,
  );
  const options = {
    ...rest,
    clock: clock ? guardClock(clock, report) : systemClock(),
    extensions: Object.fromEntries(handlers),
    ...(logger && { logger }),
    ...(onExtensionRefused && {
      onExtensionRefused: guard(report, "onExtensionRefused", onExtensionRefused),
    }),
    ...(onSignal && { onSignal: guard(report, "onSignal", onSignal) }),
  };
  return { options, report };
}

/** A clock that gives no time stands still, and one that takes no timer has the platform's. The first failure is told. */
function guardClock(clock: Clock, given: Report): Clock {
  const platform = systemClock();
  const report = once(given);
  const reading = (name: "now" | "wall", last: number) => () => {
    const time = readingOf(clock, name);
    if (Number.isFinite(time)) last = Number(time);
    else report(`clock.${name}`, time);
    return last;
  };
  const now = reading("now", platform.now());
  return {
    now,
    setTimer(at, run) {
      try {
        return guard(report, "clock.setTimer", clock.setTimer(at, run));
      } catch (thrown) {
        report("clock.setTimer", thrown);
        return platform.setTimer(platform.now() + at - now(), run);
      }
    },
    ...(clock.wall && { wall: reading("wall", platform.wall()) }),
  };
}

/** What a clock reads, or throws. */
export function readingOf(clock: Clock, name: "now" | "wall"): unknown {
  try {
    return clock[name]?.();
  } catch (thrown) {
    return thrown;
  }
}

function once(report: Report): Report {
  let told = false;
  return (name, thrown) => {
    if (!told) report(name, thrown);
    told = true;
  };
}

function toConsole(callback: string, thrown: unknown): void {
  // biome-ignore lint/suspicious/noConsole: the application set no logger, and its error must not vanish.
  console.error(`Peerline: ${callback}, given by the application, failed.`, thrown);
}
