import { type CallRecord, longestUntil, nextDeadline, type RecordInput } from "@peerline/call-machine/record";
import type { Services } from "../services.ts";
import { createAlarms } from "./alarms.ts";

/** What the timers report; neither may throw. */
export interface CallTimerReports {
  /** The record decides what it means. */
  due(callId: string, input: RecordInput): void;
  /** An accepted call ends soon. */
  warn(callId: string): void;
}

/** The deadlines of calls, on the server's clock. */
export interface CallTimers {
  /** Sets what the record waits for, in the place of what it waited for. */
  arm(record: CallRecord): void;
  close(): void;
}

/** A person's device alerts so long after the Invite, in ms: about a round trip, and not always the same. */
const feigned = { leastMs: 60, spreadMs: 240 };

/** PROTOCOL 2.6; 2.7 rows 15, 30, 32, 102. */
export function createCallTimers(
  { clock, config, ids }: Services,
  { due, warn }: CallTimerReports,
): CallTimers {
  const alarms = createAlarms(clock);
  const { maxCallMs, callWarningMs } = config.timers;
  const setOrClear = (name: string, at: number | undefined, run: () => void) => {
    if (at === undefined) alarms.clear(name);
    else alarms.set(name, at, run);
  };
  return {
    arm(record) {
      const { callId } = record;
      const end = longestUntil(record, maxCallMs);
      const warnAt = end === undefined ? undefined : end - callWarningMs;
      setOrClear(`ring ${callId}`, nextDeadline(record), () =>
        due(callId, { type: "ringExpired", at: clock.now() }),
      );
      setOrClear(`feign ${callId}`, feignAt(record, ids.random()), () =>
        due(callId, { type: "feignedAlerting", at: clock.now() }),
      );
      setOrClear(`end ${callId}`, end, () =>
        due(callId, { type: "durationReached", at: clock.now(), maxMs: maxCallMs }),
      );
      // A call that is armed anew within its last minutes has been warned.
      const isAhead = warnAt !== undefined && warnAt > clock.now();
      setOrClear(`warn ${callId}`, isAhead ? warnAt : undefined, () => warn(callId));
    },
    close: alarms.close,
  };
}

function feignAt({ silent, phase, alerting, createdAt }: CallRecord, random: number): number | undefined {
  if (!silent || phase !== "ringing" || alerting.length > 0) return undefined;
  return createdAt + feigned.leastMs + feigned.spreadMs * random;
}
