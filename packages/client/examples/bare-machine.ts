import { type CallEffect, type CallEvent, callMachine, defaultTimers } from "@peerline/call-machine";
import { initialTransition, transition } from "xstate";

const ben = { user: "ben", displayName: "Ben" };
const callId = "00112233445566778899aabbccddeeff";

/** Runs a list of events through a call's machine and returns the effects that each asked for. No actor, no clock. */
export function effectsOf(events: readonly CallEvent[]): readonly (readonly CallEffect[])[] {
  const wanted: CallEffect[][] = [];
  const input = { callId, role: "caller", remote: ben, kind: "audio", timers: defaultTimers } as const;
  let [state, actions] = initialTransition(callMachine, input);
  const note = () =>
    wanted.push(actions.flatMap(({ type, params }) => (type === "run" ? (params as CallEffect[]) : [])));
  note();
  for (const event of events) {
    [state, actions] = transition(callMachine, state, event);
    note();
  }
  return wanted;
}
