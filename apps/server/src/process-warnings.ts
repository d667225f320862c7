import type { EventEmitter } from "node:events";
import type { Logger } from "@peerline/call-machine";

/**
 * The platform's warnings become lines of the log, the first of each name. By itself the platform writes each one between those lines,
 * as text that no reader of the log expects, and as often as a client can make it warn.
 */
export function logWarnings(process: Pick<EventEmitter, "on" | "removeAllListeners">, logger: Logger): void {
  const said = new Set<string>();
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }: Error) => {
    if (said.has(name)) return;
    said.add(name);
    logger.warn("a warning of the platform", { name, reason: message });
  });
}
