import { expect, test } from "vitest";
import { fakeDetails } from "../testing/fake-views.ts";
import { connectionRows, pathSentence } from "./connection-rows.ts";

const { stats } = fakeDetails();

test("the path and its health in words and units", () => {
  expect(connectionRows(stats).map(({ label, value }) => [label, value])).toEqual([
    ["This side", "own address"],
    ["Other side", "address seen from outside (STUN)"],
    ["Transport", "UDP"],
    ["Round trip", "23 ms"],
    ["Packet loss", "0.2 %"],
    ["Jitter", "4 ms"],
    ["Received", "1.8 Mbit/s"],
    ["Sent", "932 kbit/s"],
    ["Picture", "1280 × 720, 30 fps"],
  ]);
});

test("what is not known yet is a dash", () => {
  expect(new Set(connectionRows(undefined).map(({ value }) => value))).toEqual(new Set(["–"]));
});

test("a relay is named, with the way to it", () => {
  const relayed = stats && {
    ...stats,
    selectedPair: {
      local: "relay",
      remote: "host",
      protocol: "udp",
      relayProtocol: "tls",
      path: "relayed",
    } as const,
  };
  const [local, , transport] = connectionRows(relayed);
  expect([local?.value, transport?.value]).toEqual(["relay server (TURN)", "TLS"]);
  expect(pathSentence(relayed)).toBe("Relayed by a server, still encrypted end to end");
});

test("the sentence about the path", () => {
  expect(pathSentence(stats)).toBe("Direct, encrypted: from this device to the other");
  expect(pathSentence(undefined)).toBe("Finding a path…");
});

test("what is no number is a dash", () => {
  const videoIn = stats?.videoIn && { ...stats.videoIn, framesPerSecond: Number.NaN };
  const odd = stats && { ...stats, rttMs: Number.NaN, lossPercent: Number.POSITIVE_INFINITY, videoIn };
  const values = connectionRows(odd).map(({ value }) => value);
  expect([values[3], values[4], values[8]]).toEqual(["–", "–", "1280 × 720"]);
});
