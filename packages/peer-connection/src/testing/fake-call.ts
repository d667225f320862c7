import type { CandidatesSignal, DescriptionSignal, PeerEvent, PeerOptions } from "@peerline/call-machine";
import type { Chat } from "../chat-message.ts";
import type { PeerStates } from "../connection-states.ts";
import { createPeer, type Peer, type PeerPlatform } from "../create-peer.ts";
import { lookEveryMs } from "../silence.ts";
import { until } from "./contract/assert.ts";
import type { FakeConnection } from "./fake/connection.ts";
import { createFakeNetwork, type FakeNetwork, type FakeNetworkOptions } from "./fake/network.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";

export const callId = "00".repeat(16);
/** How long a test waits for one thing, in ms. */
export const deadlineMs = 2_000;

/** One end of a call, and everything that it said. */
export interface FakeSide {
  readonly peer: Peer;
  readonly connection: FakeConnection;
  readonly events: PeerEvent[];
  readonly chats: Chat[];
  readonly states: PeerStates[];
  /** What becomes of each description on its way out. */
  onTheWay: (description: DescriptionSignal) => DescriptionSignal | undefined;
  /** The same for candidates. */
  candidatesOnTheWay: (candidates: CandidatesSignal) => CandidatesSignal | undefined;
}

/** A caller and a callee on one fake network and one standing clock. */
export interface FakeCall {
  readonly network: FakeNetwork;
  readonly clock: ManualClock;
  readonly caller: FakeSide;
  readonly callee: FakeSide;
}

/** What differs from an ordinary call. */
export interface FakeCallOptions {
  readonly network?: FakeNetworkOptions;
  /** Of both sides. */
  readonly platform?: Partial<PeerPlatform>;
  readonly caller?: Partial<PeerOptions & PeerPlatform>;
  readonly callee?: Partial<PeerOptions & PeerPlatform>;
}

/** Opens both ends; signals reach the other at once and in order. */
export function openCall(options: FakeCallOptions = {}): FakeCall {
  const network = createFakeNetwork(options.network);
  const clock = createManualClock();
  const open = (own: Partial<PeerOptions & PeerPlatform>, other: () => FakeSide): FakeSide => {
    const events: PeerEvent[] = [];
    const chats: Chat[] = [];
    const states: PeerStates[] = [];
    const peer = createPeer(
      {
        callId,
        generation: 1,
        polite: false,
        offer: false,
        createConnection: network.createConnection,
        iceServers: [],
        clock,
        random: () => 0,
        onChat: (chat) => chats.push(chat),
        onStates: (state) => states.push(state),
        ...options.platform,
        ...own,
      },
      (event) => {
        events.push(event);
        const sent = event.type === "peer.candidates" ? side.candidatesOnTheWay(event.candidates) : undefined;
        if (sent !== undefined) other().peer.addCandidates(sent);
        const description = event.type === "peer.described" ? side.onTheWay(event.description) : undefined;
        if (description !== undefined) queueMicrotask(() => other().peer.apply(description));
      },
    );
    const connection = network.connections.at(-1);
    if (connection === undefined) throw new TypeError("no connection");
    const side: FakeSide = {
      peer,
      connection,
      events,
      chats,
      states,
      onTheWay: (description) => description,
      candidatesOnTheWay: (candidates) => candidates,
    };
    return side;
  };
  const callee: FakeSide = open({ polite: true, ...options.callee }, () => caller);
  const caller: FakeSide = open({ offer: true, ...options.caller }, () => callee);
  return { network, clock, caller, callee };
}

/** Opens both ends and waits until they are connected. */
export async function connectedCall(options: FakeCallOptions = {}): Promise<FakeCall> {
  const call = openCall(options);
  const isUp = ({ peer }: FakeSide) =>
    peer.states().connection === "connected" && peer.states().chat === "open";
  await until(() => isUp(call.caller) && isUp(call.callee), deadlineMs, "connected");
  return call;
}

/** The types of the events that a side has reported. */
export function types({ events }: FakeSide): PeerEvent["type"][] {
  return events.map(({ type }) => type);
}

/** The descriptions that a side has sent, as `offer 1`. */
export function descriptions({ events }: FakeSide): string[] {
  return events.flatMap((event) =>
    event.type === "peer.described" ? [`${event.description.type} ${event.description.offerNumber}`] : [],
  );
}

/** Waits until a side has reported an event. */
export function seen(side: FakeSide, type: PeerEvent["type"]): Promise<void> {
  return until(() => types(side).includes(type), deadlineMs, `${type} after ${types(side)}`);
}

/** Everything that the platform is given of the peer's candidates from here on; they arrive all the same. */
export function watchAdded({ connection }: FakeSide): RTCIceCandidateInit[] {
  const added: RTCIceCandidateInit[] = [];
  const add = connection.addIceCandidate.bind(connection);
  connection.addIceCandidate = (init) => {
    added.push(init);
    return add(init);
  };
  return added;
}

const turnsOfTheEventLoop = 30;

/** Lets time pass, a look at a time, with everything that each look brings about. */
export async function pass({ clock }: Pick<FakeCall, "clock">, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += lookEveryMs) {
    clock.advance(lookEveryMs);
    for (let turn = 0; turn < turnsOfTheEventLoop; turn++) await Promise.resolve();
  }
}
