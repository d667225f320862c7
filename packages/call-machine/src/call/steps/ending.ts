import { assertEvent } from "xstate";
import type { EndedBy, EndReason } from "../../types.ts";
import type { CallContext } from "../context.ts";
import type { CallCommand, ControlSignal } from "../effects.ts";
import { callTimerIds } from "../events.ts";
import { run, type Situation, signal } from "./step.ts";

export const closeAll = run(() => [
  { type: "peer.close" },
  { type: "media.close" },
  ...callTimerIds.map((id) => ({ type: "timer.stop" as const, id })),
]);

/** The call is over here, and nobody needs to be told. */
export function endedQuietly(reason: EndReason, by: EndedBy) {
  return { target: "#call.ended", actions: [{ type: "end", params: { reason, by } }] } as const;
}

/** The same for a call that the server forgot: if its caller brings it back, it rings again. PROTOCOL 2.3 row 23. */
export const endedUntilAgain = {
  target: "#call.ended",
  actions: [{ type: "end", params: { reason: "no-answer", by: "server" } }, "mayRingAgain"],
} as const;

/** The call is over here, and the server is told `reason`. */
export function ended(reason: EndReason, by: EndedBy) {
  return {
    target: "#call.ended",
    actions: [
      { type: "end", params: { reason, by } },
      signal(({ context }) => [endCommand(context, reason)]),
    ],
  } as const;
}

/** The same with a word over the control channel, which works while the server is away. PROTOCOL D9. */
export function endedWithBye(reason: EndReason, by: EndedBy) {
  const bye: ControlSignal = { type: "bye", reason };
  return {
    target: "#call.ended",
    actions: [
      { type: "end", params: { reason, by } },
      run(({ context }) => [
        { type: "peer.say", signal: bye },
        { type: "signal", command: endCommand(context, reason) },
      ]),
    ],
  } as const;
}

function endCommand({ ticket }: CallContext, reason: EndReason): CallCommand {
  return { type: "end", reason, ...(ticket ? { ticket } : {}) };
}

/** Someone else said that it is over. */
export const endedAsTold = { target: "#call.ended", actions: "endAsTold" } as const;

/** The peer or the connection said so; the server is told too, which is idempotent. */
export const endedAsToldAndTell = {
  target: "#call.ended",
  actions: ["endAsTold", signal(({ context }) => [endCommand(context, context.ending?.reason ?? "hung-up")])],
} as const;

/** The server's snapshot does not have this endpoint in the call any more. */
export const endedAsSynced = {
  target: "#call.ended",
  actions: [
    {
      type: "end",
      params: ({ event }: Situation) => {
        assertEvent(event, "server.synced");
        return { reason: event.call?.endReason ?? ("answered-elsewhere" as const), by: "server" as const };
      },
    },
  ],
} as const;
