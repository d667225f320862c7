import { type CallEffect, type CallInput, callMachine } from "@peerline/call-machine";
import { createActor } from "xstate";

/** A call's actor whose effects go to `perform`; what comes of them goes back with `actor.send`. */
export function startCall(input: CallInput, perform: (effect: CallEffect) => void) {
  const machine = callMachine.provide({ actions: { run: (_, effects) => effects.forEach(perform) } });
  const actor = createActor(machine, { input });
  actor.start();
  return actor;
}
