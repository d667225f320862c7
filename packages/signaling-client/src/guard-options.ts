import { guard, guardLogger, reportTo } from "@peerline/call-machine";
import type { SignalingSessionOptions } from "./options.ts";
import { steadyClock } from "./steady-clock.ts";

/** The same options; nothing that an application gave among them stops a session by what it throws or returns. */
export function guardOptions(given: SignalingSessionOptions): SignalingSessionOptions {
  const { observe, detach, random } = given;
  const logger = given.logger && guardLogger(given.logger);
  const report = reportTo(logger);
  return {
    ...given,
    clock: steadyClock(given.clock),
    random: () => fractionOf(random),
    ...(logger && { logger }),
    ...(observe && { observe: guard(report, "observe", observe) }),
    ...(detach && { detach: guard(report, "detach", detach) }),
  };
}

/** Without a number to spread by, the middle. */
function fractionOf(random: () => number): number {
  try {
    const fraction = random();
    return fraction >= 0 && fraction < 1 ? fraction : 0.5;
  } catch {
    return 0.5;
  }
}
