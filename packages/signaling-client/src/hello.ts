import type { Duration } from "@bufbuild/protobuf/wkt";
import type { CallTimers, SignalingInput } from "@peerline/call-machine";
import type { Hello } from "@peerline/protocol";
import { lengthMs, longestDeadlineMs } from "./server-length.ts";
import { defaultLimits, type SendLimits, type SessionTiming } from "./timing.ts";

/** The server's deadlines in place of the own ones. PROTOCOL 1.13. */
export function timingOf(hello: Hello, timing: SessionTiming): SessionTiming {
  return {
    ...timing,
    deadBusyMs: positiveMs(hello.timers?.streamDeadAfterBusy) ?? timing.deadBusyMs,
    deadIdleMs: positiveMs(hello.timers?.streamDeadAfterIdle) ?? timing.deadIdleMs,
  };
}

/** With less room than this no description could be sent, and no call made. */
const leastRequestBytes = 16 * 1024;

/** The server's limits; what it does not name stays at the defaults of PROTOCOL 1.11. */
export function limitsOf(hello: Hello): SendLimits {
  return {
    commands: hello.limits?.maxCommandsPerSend || defaultLimits.commands,
    bytes: Math.max(hello.limits?.maxRequestBytes || defaultLimits.bytes, leastRequestBytes),
  };
}

/** What the machines are told of a Hello. */
export function helloInput(hello: Hello): SignalingInput {
  const iceServersValidForMs = lengthMs(hello.iceServersValidFor);
  return {
    type: "hello",
    resumed: hello.resumed,
    snapshot: hello.resumed ? undefined : hello.snapshot,
    timers: callTimersOf(hello),
    iceServers: hello.iceServers,
    ...(iceServersValidForMs !== undefined && { iceServersValidForMs }),
  };
}

function callTimersOf(hello: Hello): Partial<CallTimers> {
  const connectMs = positiveMs(hello.timers?.connect);
  const recoverMs = positiveMs(hello.timers?.recover);
  return { ...(connectMs !== undefined && { connectMs }), ...(recoverMs !== undefined && { recoverMs }) };
}

function positiveMs(duration: Duration | undefined): number | undefined {
  return lengthMs(duration, longestDeadlineMs) || undefined;
}
