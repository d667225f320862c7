import { callSetup } from "./actions.ts";
import { initialContext, outputOf } from "./context.ts";
import { established } from "./established.ts";
import { incoming } from "./incoming.ts";
import { outgoing } from "./outgoing.ts";
import * as steps from "./steps/index.ts";

/**
 * One call, from the dial or the first ring to its end reason. PROTOCOL 2.3. The diagram is docs/call-states.md.
 *
 * Pure: effects are data given to the `run` action, timers and asynchronous results come back as events. Every event is
 * legal in every state; one without an arrow changes nothing.
 */
export const callMachine = callSetup.createMachine({
  id: "call",
  context: ({ input }) => initialContext(input),
  output: ({ context }) => outputOf(context),
  initial: "deciding",
  on: { "remote.ended": { guard: "isNews", ...steps.endedAsTold } },
  states: {
    deciding: {
      always: [
        { guard: "restoresRing", target: "outgoing.restored" },
        {
          guard: "restoresTalk",
          target: "established",
          actions: ["expectMedia", steps.openMedia, ...steps.rebuild],
        },
        { guard: "isCaller", target: "outgoing" },
        { guard: "autoAccepts", target: "incoming.accepting", actions: ["forgetEarly", steps.sendAlerting] },
        { guard: "isReplaying", target: "incoming.offered" },
        { target: "incoming.ringing" },
      ],
    },
    outgoing,
    incoming,
    established,
    ended: { type: "final", entry: steps.closeAll },
  },
});
