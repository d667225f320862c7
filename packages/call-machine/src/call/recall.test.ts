import { expect, test } from "vitest";
import { callAfter, inputOf } from "../docs/call-after.ts";
import type { CallInput } from "./context.ts";
import type { CallEvent } from "./events.ts";

const talking = inputOf("callee after a reload, talking");
const live: CallEvent = { type: "peer.connected", at: 5 };
const muted: CallEvent = { type: "media.changed", media: { microphone: "off", camera: "on" } };
const replaced: CallEvent = { type: "remote.ended", rev: 99, reason: "replaced", by: "server" };

const left = (...events: readonly CallEvent[]) => callAfter(talking, ...events).snapshot.output?.gaveWay;

test("a talk that gives way to a new call leaves what it was for and what it sent", () => {
  expect(left(live, muted, replaced)).toEqual({ kind: "video", microphone: false, camera: true });
});

test.each<[string, readonly CallEvent[]]>([
  ["that never got through", [muted, replaced]],
  ["on hold", [live, muted, { type: "user.setHold", on: true }, replaced]],
  ["that ended otherwise", [live, muted, { type: "user.hangUp" }]],
])("a call %s leaves nothing that could go on by itself", (_name, events) => {
  expect(left(...events)).toBeUndefined();
});

const opened = (changes: Partial<CallInput>) =>
  callAfter(inputOf("callee that accepts by itself", changes)).effects.find(
    ({ type }) => type === "media.open",
  );

test("a call that takes another's place opens what that one sent, and no more than it is for", () => {
  const both = { kind: "video", microphone: true, camera: true } as const;
  const open = (microphone: boolean, camera: boolean) => ({ type: "media.open", microphone, camera });
  expect(opened({ autoAccept: "video" })).toEqual(open(true, true));
  expect(opened({ autoAccept: "video", sends: { ...both, microphone: false } })).toEqual(open(false, true));
  expect(opened({ autoAccept: "video", sends: { ...both, camera: false } })).toEqual(open(true, false));
  expect(opened({ autoAccept: "audio", sends: both })).toEqual(open(true, false));
  expect(opened({ autoAccept: "data", sends: both })).toEqual(open(false, false));
});
