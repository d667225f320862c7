import type { ControlSignal } from "../call/effects.ts";
import type { PeerEvent } from "../call/events.ts";
import type { Clock, PeerHandle, PeerOptions, PeerPort } from "../ports.ts";
import type { CallId, DescriptionSignal } from "../types.ts";
import { seededRandom } from "./random.ts";

export interface ScriptedPeersOptions {
  readonly clock: Clock;
  /** Default 1. */
  readonly seed?: number;
  /** Shortest and longest time that anything takes, in ms. Default 1 to 60. */
  readonly delayMs?: readonly [min: number, max: number];
}

/** Peer connections without WebRTC: they describe, trickle, and connect when one has the other's answer. */
export interface ScriptedPeers {
  /** Ports that connect to one another. */
  createPort(): PeerPort;
  /** How many are not closed. */
  open(): number;
  /** The media of a call stops flowing on both sides: `peer.interrupted`. */
  interrupt(callId: CallId): void;
  /** It flows again: `peer.connected`. */
  restore(callId: CallId): void;
}

interface Scripted {
  readonly id: number;
  readonly options: PeerOptions;
  readonly receive: (event: PeerEvent) => void;
  remote: Scripted | undefined;
  connected: boolean;
  closed: boolean;
  /** When the last thing it said arrives: its channel keeps order. */
  saidUntil: number;
}

const failedAfterMs = 5_000;

/** Everything that the scripted connections share. */
interface Hub {
  readonly clock: Clock;
  readonly peers: Scripted[];
  /** How long the next thing takes, in ms. */
  delay(): number;
}

/** The description's text names the connection that made it, so the answer finds its way back. */
export function scriptedPeers({ clock, seed = 1, delayMs = [1, 60] }: ScriptedPeersOptions): ScriptedPeers {
  const random = seededRandom(seed);
  const hub: Hub = { clock, peers: [], delay: () => random.between(...delayMs) };
  const tell = (callId: CallId, event: () => PeerEvent) => {
    for (const peer of hub.peers) {
      if (peer.options.callId === callId && hasPath(peer)) later(hub, peer, event);
    }
  };
  return {
    createPort: () => ({ open: (options, receive) => openPeer(hub, options, receive) }),
    open: () => hub.peers.filter(({ closed }) => !closed).length,
    interrupt: (callId) => tell(callId, () => ({ type: "peer.interrupted" })),
    restore: (callId) => tell(callId, () => ({ type: "peer.connected", at: clock.now() })),
  };
}

/** Connected, and the other end is still there. */
function hasPath({ connected, remote }: Scripted): boolean {
  return connected && remote?.closed === false;
}

function openPeer(hub: Hub, options: PeerOptions, receive: (event: PeerEvent) => void): PeerHandle {
  const peer: Scripted = {
    id: hub.peers.length + 1,
    options,
    receive,
    remote: undefined,
    connected: false,
    closed: false,
    saidUntil: 0,
  };
  hub.peers.push(peer);
  if (options.offer) describe(hub, peer, "offer", 1);
  return {
    apply: (description) => apply(hub, peer, description),
    addCandidates() {},
    restartIce() {},
    setSending(on) {
      if (on && hasPath(peer)) later(hub, peer, () => ({ type: "peer.connected", at: hub.clock.now() }));
    },
    resend() {},
    say: (signal) => say(hub, peer, signal),
    close: () => close(hub, peer),
  };
}

function later({ clock, delay }: Hub, peer: Scripted, event: () => PeerEvent, extraMs = 0): void {
  clock.setTimer(clock.now() + delay() + extraMs, () => {
    if (!peer.closed) peer.receive(event());
  });
}

function describe(hub: Hub, peer: Scripted, type: "offer" | "answer", offerNumber: number): void {
  const { generation } = peer.options;
  const sdp = `${type} of ${peer.id}`;
  const description: DescriptionSignal = { type, sdp, generation, offerNumber, iceRestart: false };
  const list = [{ candidate: `candidate of ${peer.id}`, sdpMid: "0", sdpMLineIndex: 0 }];
  const candidates = { generation, ufrag: `ufrag${peer.id}`, firstIndex: 0, list, end: true };
  later(hub, peer, () => ({ type: "peer.described", description }));
  later(hub, peer, () => ({ type: "peer.candidates", candidates }));
}

function apply(hub: Hub, peer: Scripted, { type, sdp, offerNumber }: DescriptionSignal): void {
  const remote = hub.peers.find(({ id }) => sdp === `${type} of ${id}`);
  if (peer.closed || !remote || peer.remote) return;
  peer.remote = remote;
  if (type === "offer") describe(hub, peer, "answer", offerNumber);
  else if (!remote.closed) connect(hub, peer, remote);
}

function connect(hub: Hub, ...both: readonly [Scripted, Scripted]): void {
  for (const peer of both) {
    peer.connected = true;
    later(hub, peer, () => ({ type: "peer.connected", at: hub.clock.now() }));
  }
}

function say({ clock, delay }: Hub, peer: Scripted, signal: ControlSignal): void {
  const { remote } = peer;
  if (peer.closed || !peer.connected || !remote) return;
  const event: PeerEvent =
    signal.type === "bye"
      ? { type: "peer.bye", reason: signal.reason }
      : { type: "peer.mediaState", state: signal.state };
  peer.saidUntil = Math.max(peer.saidUntil, clock.now() + delay());
  clock.setTimer(peer.saidUntil, () => {
    if (!remote.closed) remote.receive(event);
  });
}

function close(hub: Hub, peer: Scripted): void {
  const { remote } = peer;
  if (peer.closed) return;
  peer.closed = true;
  if (!peer.connected || !remote) return;
  later(hub, remote, () => ({ type: "peer.interrupted" }));
  later(hub, remote, () => ({ type: "peer.failed" }), failedAfterMs);
}
