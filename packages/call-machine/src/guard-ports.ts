import { guard, guardLogger, type Report, reportTo } from "./guard.ts";
import type { CallMemory, SessionPorts } from "./ports.ts";

/** The same ports; nothing that an application gave among them stops a session by throwing. */
export function guardPorts(given: SessionPorts): SessionPorts & { readonly report: Report } {
  const logger = given.logger && guardLogger(given.logger);
  const report = given.report ?? reportTo(logger);
  const { memory, onRelay, onIceServers } = given;
  return {
    ...given,
    report,
    ...(logger && { logger }),
    ...(memory && { memory: guardMemory(memory, report) }),
    ...(onRelay && { onRelay: guard(report, "onRelay", onRelay) }),
    ...(onIceServers && { onIceServers: guard(report, "onIceServers", onIceServers) }),
  };
}

/** A memory that throws has forgotten, and keeps nothing. */
function guardMemory(memory: CallMemory, report: Report): CallMemory {
  const read = <T>(name: string, run: () => T): T | undefined => {
    try {
      return run();
    } catch (thrown) {
      report(name, thrown);
      return undefined;
    }
  };
  return {
    load: (callId) => read("memory.load", () => memory.load(callId)),
    save: guard(report, "memory.save", (...args) => memory.save(...args)),
    loadRecent: (user) => read("memory.loadRecent", () => memory.loadRecent?.(user)) ?? [],
    saveRecent: guard(report, "memory.saveRecent", (...args) => memory.saveRecent?.(...args)),
  };
}
