import { badConfig } from "../errors/server-error.ts";
import type { Rate } from "../limits/token-bucket.ts";
import type { ServerLimits, ServerTimers } from "./config.ts";

const maxPort = 65_535;
/** Ten years: beyond every use, and far below what dates and durations hold. */
const maxTimerMs = 3_660 * 24 * 60 * 60 * 1000;

/** Throws `ServerError` "bad-config" unless it is a whole number from 0 to 65535. */
export function assertPort(port: number): void {
  if (isWhole(port, 0) && port <= maxPort) return;
  throw badConfig(`The port ${String(port)} does not exist: use a whole number from 0 to ${maxPort}.`);
}

/** Throws `ServerError` "bad-config" for a length of time that is no length: NaN, negative, endless, a fraction. */
export function assertTimers(timers: ServerTimers): void {
  for (const [name, value] of Object.entries(timers)) {
    if (isWhole(value, 0) && value <= maxTimerMs) continue;
    throw badConfig(
      `timers.${name} is ${String(value)}: use a whole number of milliseconds from 0 to ${maxTimerMs}.`,
    );
  }
}

/** Throws `ServerError` "bad-config" for a limit that is no limit. */
export function assertLimits(limits: ServerLimits): void {
  for (const [name, value] of Object.entries(limits) as readonly [string, unknown][]) {
    if (name === "connectionsPerAddress" && value === undefined) continue;
    if (isRate(value) || isWhole(value, 1)) continue;
    throw badConfig(
      `limits.${name} is not right: use a whole number above 0, or { perSecond, burst } of numbers above 0, as the default has it.`,
    );
  }
}

function isWhole(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function isRate(value: unknown): value is Rate {
  if (typeof value !== "object" || value === null) return false;
  if (!("perSecond" in value && "burst" in value)) return false;
  const { perSecond, burst } = value;
  return isPositive(perSecond) && isPositive(burst) && burst >= 1;
}

function isPositive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}
