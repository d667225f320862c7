import type { CallEffect } from "./call/effects.ts";
import type { CallEvent, CallTimerId } from "./call/events.ts";
import type { MediaHandle, PeerHandle, SessionPorts } from "./ports.ts";
import type { CallId } from "./types.ts";
import { toAction } from "./wire/outbound.ts";

/** The hands of one call's machine. */
export interface CallEffects {
  perform(effect: CallEffect): void;
  /** Closes the connection and the devices and stops the timers. Idempotent. */
  release(): void;
}

/** Carries a call's effects out over the ports; what comes of them goes to `receive`. */
export function createCallEffects(
  ports: SessionPorts,
  callId: CallId,
  receive: (event: CallEvent) => void,
): CallEffects {
  const timers = createTimers(ports, receive);
  let peer: PeerHandle | undefined;
  let media: MediaHandle | undefined;

  function perform(effect: CallEffect): void {
    switch (effect.type) {
      case "signal":
        ports.signaling.send(toAction(callId, effect.command));
        if (effect.command.type === "mediaState") ports.memory?.save(callId, effect.command.state);
        return;
      case "media.open":
        media = ports.media.open(callId, { microphone: effect.microphone, camera: effect.camera }, receive);
        return;
      case "media.setMicrophone":
        media?.setMicrophone(effect.on);
        return;
      case "media.setCamera":
        media?.setCamera(effect.on);
        return;
      case "media.close":
        media?.close();
        return;
      case "timer.start":
        timers.start(effect.id, effect.afterMs);
        return;
      case "timer.stop":
        timers.stop(effect.id);
        return;
      case "peer.open": {
        const { type: _, ...options } = effect;
        peer?.close();
        peer = ports.peer.open({ callId, ...options }, receive);
        return;
      }
      default:
        if (peer) performOnPeer(peer, effect);
    }
  }

  return {
    perform,
    release() {
      peer?.close();
      media?.close();
      timers.stopAll();
    },
  };
}

type PeerEffect = Exclude<Extract<CallEffect, { type: `peer.${string}` }>, { type: "peer.open" }>;

function performOnPeer(peer: PeerHandle, effect: PeerEffect): void {
  switch (effect.type) {
    case "peer.apply":
      peer.apply(effect.description);
      return;
    case "peer.addCandidates":
      peer.addCandidates(effect.candidates);
      return;
    case "peer.restartIce":
      peer.restartIce();
      return;
    case "peer.setSending":
      peer.setSending(effect.on);
      return;
    case "peer.resend":
      peer.resend();
      return;
    case "peer.say":
      peer.say(effect.signal);
      return;
    case "peer.close":
      peer.close();
  }
}

function createTimers({ clock }: SessionPorts, receive: (event: CallEvent) => void) {
  const running = new Map<CallTimerId, () => void>();
  const stop = (id: CallTimerId) => {
    running.get(id)?.();
    running.delete(id);
  };
  return {
    stop,
    start(id: CallTimerId, afterMs: number) {
      stop(id);
      const fire = () => {
        running.delete(id);
        receive({ type: `timer.${id}` });
      };
      running.set(id, clock.setTimer(clock.now() + afterMs, fire));
    },
    stopAll() {
      for (const id of running.keys()) stop(id);
    },
  };
}
