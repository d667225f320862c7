import type { PeerlineView } from "@peerline/client";
import { expect, test } from "vitest";
import { fakeCall, fakeDetails, fakePerson, fakeView } from "../testing/fake-views.ts";
import { initiatorOf, labChanges, presenceOf } from "./lab-changes.ts";

const idle = fakeView({ people: [] });
const quiet = { local: { microphone: "off", camera: "off" }, remoteMedia: undefined } as const;

function changes(before: PeerlineView | undefined, after: PeerlineView): readonly string[] {
  return labChanges(before, after, "ana");
}

test("the first view says how the link is", () => {
  expect(changes(undefined, fakeView({ link: "connecting", people: [] }))).toEqual([
    "link: none → connecting",
  ]);
});

test("a link that stopped says why", () => {
  const stopped = { code: "superseded", text: "This endpoint was opened elsewhere." } as const;
  expect(changes(idle, fakeView({ link: "stopped", stopped, people: [] }))).toEqual([
    "link: online → stopped",
    "stopped: This endpoint was opened elsewhere.",
  ]);
});

test("the other person's presence, and nobody else's", () => {
  const here = fakeView({ people: [fakePerson("ana"), fakePerson("zoe")] });
  expect(changes(idle, here)).toEqual(["presence of ana: unknown → online"]);
  expect(presenceOf(here, "ana")).toBe("online");
});

test("a call tells its initiator once, then each phase, then its end", () => {
  const dialing = { ...idle, call: fakeCall("dialing", quiet) };
  const ringing = { ...idle, call: fakeCall("ringing", quiet) };
  const ended = { ...idle, call: fakeCall("ended", quiet) };
  expect(changes(idle, dialing)).toEqual(["initiator: me", "call: none → dialing"]);
  expect(changes(dialing, ringing)).toEqual(["call: dialing → ringing"]);
  expect(changes(ringing, ended)).toEqual([
    "call: ringing → ended",
    "call ended: Ana Torres ended the call · 1:15",
  ]);
  expect(changes(ringing, ringing)).toEqual([]);
});

test("the initiator of an incoming call is the other person", () => {
  expect(initiatorOf({ ...idle, call: fakeCall("incoming") })).toBe("ana");
  expect(initiatorOf(idle)).toBeUndefined();
});

test("the states of the connection as they change, then its path", () => {
  const call = fakeCall("connecting", quiet);
  const details = fakeDetails({ stats: undefined });
  const states = details.states && { ...details.states, connection: "connecting", iceConnection: "checking" };
  const checking = { ...idle, call, details: { ...details, states } } as PeerlineView;
  const connected = { ...idle, call, details };
  expect(changes({ ...idle, call }, checking)).toEqual([
    "iceConnectionState: none → checking",
    "connectionState: none → connecting",
  ]);
  expect(changes(checking, connected)).toEqual([
    "iceConnectionState: checking → connected",
    "connectionState: connecting → connected",
  ]);
  expect(changes(connected, { ...connected, details: fakeDetails() })).toEqual([
    "path: direct (host ↔ srflx)",
  ]);
});

test("the devices of both sides as they change", () => {
  const before = { ...idle, call: fakeCall("live", quiet) };
  const opening = {
    ...idle,
    call: fakeCall("live", { ...quiet, local: { microphone: "opening", camera: "opening" } }),
  };
  expect(changes(before, opening)).toEqual(["local: microphone opening, camera opening"]);
  const remoteMedia = { microphone: true, camera: false };
  const told = { ...idle, call: fakeCall("live", { ...quiet, remoteMedia }) };
  expect(changes(before, told)).toEqual(["remote: microphone on, camera off"]);
});
