import { createActor } from "xstate";
import type { CallInput, CallOutput } from "./call/context.ts";
import type { CallEffect } from "./call/effects.ts";
import type { CallEvent } from "./call/events.ts";
import { callMachine } from "./call/machine.ts";
import { createCallEffects } from "./call-effects.ts";
import { type CallHealth, type SessionPorts, wallTime } from "./ports.ts";
import type { Role } from "./types.ts";
import { type CallView, callView } from "./view.ts";

/** One call's machine over the ports. */
export interface RunningCall {
  readonly role: Role;
  start(): void;
  send(event: CallEvent): void;
  view(): CallView;
  output(): CallOutput | undefined;
  health(): CallHealth;
  /** The endpoint goes away: says goodbye to the peer where wanted, and releases everything. */
  abandon(sayBye: boolean): void;
}

type Perform = (effect: CallEffect) => void;

/** One machine for all calls: what xstate works out of a chart, it works out once. */
const performers = new WeakMap<object, Perform>();
const machine = callMachine.provide({
  actions: {
    run: ({ self }, due) => {
      const perform = performers.get(self);
      if (perform) due.forEach(perform);
    },
  },
});

/** Runs a call's machine. `onChange` follows each of its transitions. */
export function runCall(
  ports: SessionPorts,
  input: CallInput,
  onChange: (call: RunningCall) => void,
): RunningCall {
  const { callId } = input;
  let endedAt: number | undefined;
  let phase = "";

  const send = (event: CallEvent) => {
    if (actor.getSnapshot().status === "active") actor.send(event);
  };
  const effects = createCallEffects(ports, callId, send);
  const actor = createActor(machine, { input });
  performers.set(actor, effects.perform);

  const call: RunningCall = {
    role: input.role,
    start: () => actor.start(),
    send,
    view: () => callView(actor.getSnapshot(), endedAt, (at) => wallTime(ports.clock, at)),
    output: () => (actor.getSnapshot().status === "done" ? actor.getSnapshot().output : undefined),
    health: () => ({ callId, mediaAlive: call.view().phase === "live" }),
    abandon(sayBye) {
      if (sayBye) send({ type: "user.hangUp" });
      effects.release();
      actor.stop();
    },
  };

  function changed(): void {
    if (actor.getSnapshot().status === "done") endedAt ??= ports.clock.now();
    const view = call.view();
    const isNew = view.phase !== phase;
    phase = view.phase;
    if (isNew) log(ports, view);
    // The same path may carry the signals, which the restart of ICE needs now.
    if (isNew && phase === "reconnecting") ports.signaling.wake();
    onChange(call);
  }

  actor.subscribe({ next: changed, complete: changed });
  return call;
}

function log({ logger }: SessionPorts, { phase, callId, remote, end }: CallView): void {
  const why = end ? { reason: end.reason, by: end.by } : {};
  logger?.info(`call ${phase}`, { callId, with: remote.user, ...why });
}
