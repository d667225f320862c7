import { assertEvent, assign, setup } from "xstate";
import { onCrossed, onIncoming, onMissed } from "./arrival.ts";
import { initialSession, type SessionContext, type SessionInput } from "./context.ts";
import type { SessionEffect, SessionEvent } from "./events.ts";
import { type LineDecision, onFinished } from "./line.ts";
import { updatePeople } from "./people.ts";
import { onSignalled } from "./signalled.ts";
import { onSynced } from "./synced.ts";

interface Situation {
  readonly context: SessionContext;
  readonly event: SessionEvent;
}

/** What an event means for the calls on the line; a pure function of the situation, asked for effects, then for state. */
function decideLine({ context, event }: Situation): LineDecision {
  switch (event.type) {
    case "remote.incoming":
      return onIncoming(context, event.call);
    case "remote.missed":
      return onMissed(context, event.call);
    case "remote.crossed":
      return onCrossed(context, event.callId, event.call);
    case "remote.signalled":
      return onSignalled(context, event.callId, event.event);
    case "link.synced":
      return onSynced(context, event.calls);
    default:
      return { calls: context.calls, effects: [] };
  }
}

/** The effects first: they are decided from the calls as they were. */
const decided = [
  { type: "run" as const, params: (situation: Situation) => decideLine(situation).effects },
  "noteLine" as const,
];

/**
 * One signed-in endpoint: its link to the server, the calls on its line, the people it knows. Outlives calls, so that a
 * hang-up is never cut off by the call's own teardown. PROTOCOL 2.2, D10. The diagram is docs/call-states.md.
 */
export const sessionMachine = setup({
  types: {} as { input: SessionInput; context: SessionContext; events: SessionEvent },
  actions: {
    run: (_, _effects: readonly SessionEffect[]) => {},
    noteLine: assign((situation: Situation) => {
      const { context } = situation;
      const { calls, tombstones = context.tombstones, unrung = context.unrung } = decideLine(situation);
      return { calls, tombstones, unrung };
    }),
    addOutgoing: assign(({ context, event }) => {
      assertEvent(event, "user.dial");
      const entry = { callId: event.callId, role: "caller", remote: event.callee, kind: event.kind } as const;
      return { calls: [...context.calls, entry] };
    }),
    noteTimers: assign(({ context, event }) => {
      assertEvent(event, "link.opened");
      return { timers: { ...context.timers, ...event.timers }, replaying: true, trouble: undefined };
    }),
    noteCaughtUp: assign({ replaying: false }),
    noteFinished: assign(({ context, event }) => {
      assertEvent(event, "call.finished");
      return onFinished(context, event.output);
    }),
    notePeople: assign(({ context, event }) => {
      assertEvent(event, "remote.presence");
      return { people: updatePeople(context.people, event.people, event.full) };
    }),
    noteStopped: assign(({ event }) => {
      assertEvent(event, "link.stopped");
      return { stopped: { code: event.code, text: event.trouble.text }, trouble: event.trouble };
    }),
    noteTrouble: assign(({ event }) => {
      assertEvent(event, "link.interrupted");
      return { trouble: event.trouble };
    }),
  },
  guards: {
    hasRoom: ({ context, event }) =>
      context.calls.length < context.capacity &&
      !context.calls.some(({ callId }) => event.type === "user.dial" && callId === event.callId),
  },
}).createMachine({
  id: "session",
  context: ({ input }) => initialSession(input),
  initial: "connecting",
  on: {
    "user.dial": {
      guard: "hasRoom",
      actions: [
        {
          type: "run",
          params: ({ context, event }) => [
            {
              type: "call.start",
              input: {
                callId: event.callId,
                role: "caller",
                remote: event.callee,
                kind: event.kind,
                timers: context.timers,
              },
            },
          ],
        },
        "addOutgoing",
      ],
    },
    "user.signOut": { actions: { type: "run", params: [{ type: "link.stop" }] } },
    "remote.incoming": { actions: decided },
    "remote.missed": { actions: decided },
    "remote.crossed": { actions: decided },
    "remote.signalled": { actions: decided },
    "remote.presence": { actions: "notePeople" },
    "call.finished": { actions: "noteFinished" },
    "link.stopped": { target: ".stopped", actions: "noteStopped" },
  },
  states: {
    connecting: {
      on: {
        "link.opened": { target: "online", actions: "noteTimers" },
        "link.interrupted": { target: "interrupted", actions: "noteTrouble" },
      },
    },
    online: {
      on: {
        "link.opened": { actions: "noteTimers" },
        "link.synced": { actions: decided },
        "link.caughtUp": {
          actions: [
            {
              type: "run",
              params: ({ context }) =>
                context.calls.map(({ callId }) => ({
                  type: "call.deliver" as const,
                  callId,
                  event: { type: "server.caughtUp" as const },
                })),
            },
            "noteCaughtUp",
          ],
        },
        "link.interrupted": { target: "interrupted", actions: "noteTrouble" },
      },
    },
    interrupted: {
      on: {
        "link.opened": { target: "online", actions: "noteTimers" },
        "link.interrupted": { actions: "noteTrouble" },
      },
    },
    // The first reason is the one that counts.
    stopped: { on: { "user.dial": {}, "remote.incoming": {}, "link.stopped": {} } },
  },
});
