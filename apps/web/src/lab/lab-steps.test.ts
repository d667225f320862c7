import { expect, test } from "vitest";
import { fakeCall } from "../testing/fake-views.ts";
import { type LabSituation, labSteps, wantsOwnSources } from "./lab-steps.ts";

const fresh: LabSituation = {
  isRegistered: false,
  link: undefined,
  isPinging: false,
  pongMs: undefined,
  call: undefined,
};
const online: LabSituation = { ...fresh, isRegistered: true, link: "online" };
const quiet = { microphone: "off", camera: "off" } as const;
const dataCall = fakeCall("live", {
  kind: "data",
  local: quiet,
  remoteMedia: { microphone: false, camera: false },
});

function enabled(situation: LabSituation): readonly string[] {
  return labSteps(situation)
    .filter(({ isEnabled }) => isEnabled)
    .map(({ id }) => id);
}

function done(situation: LabSituation): readonly string[] {
  return labSteps(situation)
    .filter(({ isDone }) => isDone)
    .map(({ id }) => id);
}

test.each<[string, LabSituation, readonly string[], readonly string[]]>([
  ["before anything", fresh, ["register"], []],
  ["while the link opens", { ...online, link: "connecting" }, [], []],
  ["once registered", online, ["ping", "offer"], ["register"]],
  ["while a ping is out", { ...online, isPinging: true }, ["offer"], ["register"]],
  ["after the pong", { ...online, pongMs: 12 }, ["ping", "offer"], ["register", "ping"]],
  [
    "while the offer is out",
    { ...online, call: fakeCall("dialing", { kind: "data" }) },
    ["ping", "hang-up"],
    ["register"],
  ],
  ["once connected", { ...online, call: dataCall }, ["ping", "start", "hang-up"], ["register", "offer"]],
  [
    "once started",
    { ...online, call: fakeCall("live") },
    ["ping", "hang-up"],
    ["register", "offer", "start"],
  ],
  ["after the end", { ...online, call: fakeCall("ended") }, ["ping", "offer"], ["register"]],
  [
    "when the link is lost",
    { ...online, link: "interrupted", call: dataCall },
    ["start", "hang-up"],
    ["offer"],
  ],
])("%s", (_, situation, open, finished) => {
  expect(enabled(situation)).toEqual(open);
  expect(done(situation)).toEqual(finished);
});

test("turns on the own devices when the other side has, once per call", () => {
  const remoteMedia = { microphone: true, camera: false };
  const started = { ...dataCall, remoteMedia };
  expect(wantsOwnSources(dataCall, undefined)).toBe(false);
  expect(wantsOwnSources(started, undefined)).toBe(true);
  expect(wantsOwnSources(started, started.callId)).toBe(false);
  expect(wantsOwnSources({ ...started, phase: "connecting" }, undefined)).toBe(false);
  expect(wantsOwnSources({ ...started, local: { microphone: "opening", camera: "off" } }, undefined)).toBe(
    false,
  );
  expect(wantsOwnSources(undefined, undefined)).toBe(false);
});
