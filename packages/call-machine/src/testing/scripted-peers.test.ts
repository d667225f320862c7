import { expect, test } from "vitest";
import type { PeerEvent } from "../call/events.ts";
import type { PeerHandle } from "../ports.ts";
import { scriptedMedia } from "./scripted-media.ts";
import { type ScriptedPeers, scriptedPeers } from "./scripted-peers.ts";
import { virtualClock } from "./virtual-clock.ts";

const callId = "0a".repeat(16);

function open(peers: ScriptedPeers, offer: boolean) {
  const events: PeerEvent[] = [];
  const handle = peers
    .createPort()
    .open({ callId, polite: !offer, offer, generation: 1 }, (event) => void events.push(event));
  return { handle, events };
}

function applyFrom(events: readonly PeerEvent[], to: PeerHandle): void {
  for (const event of events) if (event.type === "peer.described") to.apply(event.description);
}

/** A pair that is connected. */
function connected() {
  const clock = virtualClock();
  const peers = scriptedPeers({ clock });
  const caller = open(peers, true);
  const callee = open(peers, false);
  clock.advanceBy(100);
  applyFrom(caller.events, callee.handle);
  clock.advanceBy(100);
  applyFrom(callee.events, caller.handle);
  clock.advanceBy(100);
  return { clock, peers, caller, callee };
}

const typesOf = (events: readonly PeerEvent[]) => events.map(({ type }) => type).toSorted();

test("a pair describes, trickles and connects", () => {
  const { caller, callee, peers, clock } = connected();
  const all = ["peer.candidates", "peer.connected", "peer.described"];
  expect([typesOf(caller.events), typesOf(callee.events)]).toEqual([all, all]);
  expect([peers.open(), clock.pending()]).toEqual([2, 0]);
});

test("what is said arrives in order, also a bye before the close", () => {
  const { clock, caller, callee } = connected();
  const state = { revision: 1, microphone: true, camera: false, onHold: false };
  caller.handle.say({ type: "mediaState", state });
  caller.handle.say({ type: "bye", reason: "hung-up" });
  caller.handle.close();
  clock.advanceBy(100);
  expect(callee.events.filter(({ type }) => type === "peer.mediaState" || type === "peer.bye")).toEqual([
    { type: "peer.mediaState", state },
    { type: "peer.bye", reason: "hung-up" },
  ]);
});

test("the one that is left is interrupted and fails, the one that closed hears nothing more", () => {
  const { clock, peers, caller, callee } = connected();
  const heard = caller.events.length;
  caller.handle.close();
  clock.advanceBy(10_000);
  expect(callee.events.slice(-2)).toEqual([{ type: "peer.interrupted" }, { type: "peer.failed" }]);
  expect([caller.events.length, peers.open()]).toEqual([heard, 1]);
});

test("an answer to a connection that was closed connects nobody", () => {
  const clock = virtualClock();
  const peers = scriptedPeers({ clock });
  const caller = open(peers, true);
  const callee = open(peers, false);
  clock.advanceBy(100);
  applyFrom(caller.events, callee.handle);
  clock.advanceBy(100);
  callee.handle.close();
  applyFrom(callee.events, caller.handle);
  clock.advanceBy(100);
  expect(typesOf(caller.events)).toEqual(["peer.candidates", "peer.described"]);
});

test("media can be interrupted and restored", () => {
  const { clock, peers, caller } = connected();
  peers.interrupt(callId);
  clock.advanceBy(100);
  peers.restore(callId);
  clock.advanceBy(100);
  expect(caller.events.slice(-2).map(({ type }) => type)).toEqual(["peer.interrupted", "peer.connected"]);
});

test("scripted devices open after a while, change on request, and are silent after close", () => {
  const clock = virtualClock();
  const media = scriptedMedia({ clock });
  const heard: unknown[] = [];
  const handle = media.open(
    callId,
    { microphone: true, camera: false },
    (event) => void heard.push(event.media),
  );
  clock.advanceBy(300);
  handle.setCamera(true);
  clock.advanceBy(300);
  expect([heard, media.held()]).toEqual([
    [
      { microphone: "on", camera: "off" },
      { microphone: "on", camera: "on" },
    ],
    1,
  ]);
  handle.setCamera(false);
  handle.close();
  clock.advanceBy(300);
  expect([heard.length, media.held()]).toEqual([2, 0]);
});

test("refused devices are denied", () => {
  const clock = virtualClock();
  const heard: unknown[] = [];
  scriptedMedia({ clock, refusal: 1 }).open(
    callId,
    { microphone: true, camera: false },
    (event) => void heard.push(event.media),
  );
  clock.advanceBy(300);
  expect(heard).toEqual([{ microphone: "denied", camera: "off" }]);
});
