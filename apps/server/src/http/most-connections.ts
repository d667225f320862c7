import { readFileSync } from "node:fs";
import type { ServerLimits } from "../config/config.ts";

/** What the process needs besides connections: files, timers, its log, the requests for keys. */
const reservedFiles = 64;

/** How many connections there may be: never so many that the machine has none left to open. */
export function mostConnections(
  limits: Pick<ServerLimits, "connections" | "connectionsPerAddress">,
  openFiles = openFilesLimit(),
): { readonly inAll: number; readonly perAddress: number } {
  const inAll = Math.max(1, Math.min(limits.connections, openFiles - reservedFiles));
  return { inAll, perAddress: limits.connectionsPerAddress ?? Math.ceil(inAll / 2) };
}

/** `ulimit -n`. Infinity where the machine does not say. */
function openFilesLimit(): number {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    return line?.[1] === undefined ? Number.POSITIVE_INFINITY : Number(line[1]);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
