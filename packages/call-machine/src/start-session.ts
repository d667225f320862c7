import { create } from "@bufbuild/protobuf";
import { PresenceSubscribeSchema, type Relay } from "@peerline/protocol";
import { createActor } from "xstate";
import type { UserEvent } from "./call/events.ts";
import { guardPorts } from "./guard-ports.ts";
import { createListeners } from "./listeners.ts";
import { type SessionPorts, type SignalingInput, type SignalingPort, wallTime } from "./ports.ts";
import { createRecentLog } from "./recent-log.ts";
import { createRunningCalls } from "./running-calls.ts";
import type { SessionInput } from "./session/context.ts";
import type { SessionEffect, SessionEvent } from "./session/events.ts";
import { sessionMachine } from "./session/machine.ts";
import { stoppedFor, translateInput } from "./session-input.ts";
import type { CallId, MediaKind, RemoteUser } from "./types.ts";
import { type SessionView, sessionView } from "./view.ts";
import { toAction } from "./wire/outbound.ts";

/** A running session: the two machines over their ports. */
export interface Session {
  /** The same object until something changes. */
  view(): SessionView;
  /** Called after each change, never during one. Does not replay; returns the way out. */
  subscribe(listener: (view: SessionView) => void): () => void;
  /** Rings `callee`. Ignored when the line has no room; the view tells. `callId`: 32 fresh random hex digits, else a RangeError. */
  dial(callee: RemoteUser, kind: MediaKind, callId: CallId): void;
  /** Something the person wants of a call. Ignored where the machine cannot take it. */
  send(callId: CallId, event: UserEvent): void;
  /** Forgets the ended call that the view still shows; in `recent` it stays, as seen. */
  dismiss(): void;
  /** The person knows of these missed calls. */
  markSeen(callIds: readonly CallId[]): void;
  /** Sends a message of a third-party type. */
  relay(relay: Relay): void;
  /** Asks for the presence of everyone the server lets this user see. */
  watchContacts(): void;
  /** See `SignalingPort.wake`. */
  wake(): void;
  /** The platform changed networks: wakes the link, and every live call restarts ICE at once. PROTOCOL row 57. */
  networkChanged(): void;
  /** Ends the session. The calls' peer connections and devices are closed. */
  stop(intent: "page-gone" | "sign-out"): void;
}

/** Puts the machines over the ports and connects. Effects run in order; nothing here decides anything. */
export function startSession(given: SessionPorts, input: SessionInput): Session {
  const ports = guardPorts(given);
  const { signaling, report } = ports;
  const listeners = createListeners<SessionView>(report);
  const effects = createEffectQueue(perform);
  let view: SessionView | undefined;
  let watching = false;

  const recent = createRecentLog(ports, input.user, changed);
  const calls = createRunningCalls(ports, recent, {
    onFinished: (output) => send({ type: "call.finished", output }),
    onChange: changed,
  });
  const actor = createActor(sessionMachine.provide({ actions: { run: (_, due) => effects.add(due) } }), {
    input,
  });

  function perform(effect: SessionEffect): void {
    if (effect.type === "call.start") calls.start(effect.input);
    if (effect.type === "call.missed") recent.missed(effect);
    if (effect.type === "call.deliver") calls.send(effect.callId, effect.event);
    if (effect.type === "signal") signaling.send(toAction(effect.callId, effect.command));
    if (effect.type === "link.stop") signaling.stop("sign-out");
  }

  function changed(): void {
    view = undefined;
    listeners.tell(current);
  }

  const current = (): SessionView =>
    (view ??= sessionView(actor.getSnapshot(), calls.views(), calls.ended(), recent.list()));

  function send(event: SessionEvent | undefined): void {
    if (!event || actor.getSnapshot().status !== "active") return;
    actor.send(event);
    effects.perform();
  }

  function receive(message: SignalingInput): void {
    passOn(ports, message);
    // Presence is not in the mailbox: what changed during the outage comes with a new subscription.
    if (message.type === "hello" && watching) subscribeToContacts(signaling);
    if (message.type === "event") calls.nameDevice(message.event);
    recent.during(message, () => translateInput(message, calls.roleOf, wallTime(ports.clock)).forEach(send));
  }

  actor.subscribe(changed);
  actor.start();
  signaling.start(receive);

  return {
    view: current,
    subscribe: listeners.add,
    dial(callee, kind, callId) {
      checkCallId(callId);
      if (current().link !== "online") signaling.wake();
      send({ type: "user.dial", callee, kind, callId });
    },
    send: calls.send,
    dismiss: () => recent.see(calls.dismiss()),
    markSeen: recent.see,
    relay: (relay) => signaling.send({ case: "relay", value: relay }),
    watchContacts() {
      watching = true;
      subscribeToContacts(signaling);
    },
    wake: () => signaling.wake(),
    networkChanged() {
      signaling.wake();
      for (const { callId } of calls.views()) calls.send(callId, { type: "network.changed" });
    },
    stop(intent) {
      calls.abandon(intent === "sign-out");
      if (intent === "sign-out") recent.clear();
      signaling.stop(intent);
      send(closed);
      actor.stop();
    },
  };
}

const closed = stoppedFor("closed", "This side has closed the session. Start another one to go on.");

/** What is no business of the machines. */
function passOn({ onRelay, onIceServers }: SessionPorts, message: SignalingInput): void {
  if (message.type === "event" && message.event.body.case === "relay") onRelay?.(message.event.body.value);
  if (message.type === "hello") onIceServers?.(message.iceServers, message.iceServersValidForMs);
}

function subscribeToContacts(signaling: SignalingPort): void {
  const value = create(PresenceSubscribeSchema, { contacts: true, replace: true });
  signaling.send({ case: "presenceSubscribe", value });
}

function checkCallId(callId: CallId): void {
  if (/^[0-9a-f]{32}$/.test(callId)) return;
  throw new RangeError(
    `callId must be 32 lower-case hex digits, fresh for each call: got "${callId.slice(0, 64)}"`,
  );
}

/** Effects are carried out behind the transition that asked for them: a call's machine must not start inside one. */
function createEffectQueue(perform: (effect: SessionEffect) => void) {
  const due: SessionEffect[] = [];
  let performing = false;
  return {
    add: (effects: readonly SessionEffect[]) => void due.push(...effects),
    perform() {
      if (performing) return;
      performing = true;
      try {
        for (let effect = due.shift(); effect; effect = due.shift()) perform(effect);
      } finally {
        performing = false;
      }
    },
  };
}
