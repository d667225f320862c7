import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readStats, type StatsSample } from "./stats.ts";

const pair = {
  id: "P1",
  type: "candidate-pair",
  localCandidateId: "L",
  remoteCandidateId: "R",
  state: "succeeded",
  nominated: true,
  currentRoundTripTime: 0.0421,
  responsesReceived: 3,
};
const transport = { id: "T", type: "transport", selectedCandidatePairId: "P1", packetsReceived: 100 };
const local = { id: "L", type: "local-candidate", candidateType: "host", protocol: "udp" };
const remote = { id: "R", type: "remote-candidate", candidateType: "srflx", protocol: "udp" };
const audio = {
  id: "A",
  type: "inbound-rtp",
  kind: "audio",
  packetsReceived: 90,
  packetsLost: 10,
  bytesReceived: 1_000,
  jitter: 0.004,
  audioLevel: 0.5,
};
const video = {
  id: "V",
  type: "inbound-rtp",
  kind: "video",
  packetsReceived: 200,
  packetsLost: 0,
  bytesReceived: 50_000,
  jitter: 0.012,
  framesDecoded: 60,
  framesPerSecond: 30,
  frameWidth: 1_280,
  frameHeight: 720,
};
const audioOut = { id: "AO", type: "outbound-rtp", kind: "audio", packetsSent: 80, bytesSent: 900 };
const report = [transport, pair, local, remote, audio, video, audioOut];

describe("statistics", () => {
  test("of a first reading know no rates", () => {
    const [stats] = readStats(report, undefined, 1_000);
    expect(stats).toEqual({
      at: 1_000,
      rttMs: 42.1,
      lossPercent: 3.3,
      jitterMs: 12,
      inBitsPerSecond: undefined,
      outBitsPerSecond: undefined,
      audioIn: { packets: 90, bitsPerSecond: undefined, lossPercent: 10, jitterMs: 4, level: 0.5 },
      videoIn: {
        packets: 200,
        bitsPerSecond: undefined,
        lossPercent: 0,
        jitterMs: 12,
        framesDecoded: 60,
        framesPerSecond: 30,
        width: 1_280,
        height: 720,
      },
      audioOut: { packets: 80, bitsPerSecond: undefined },
      videoOut: undefined,
      selectedPair: { local: "host", remote: "srflx", protocol: "udp", path: "direct" },
      alive: true,
    });
  });

  test("of a later one have rates and losses since the one before", () => {
    const [, sample] = readStats(report, undefined, 1_000);
    const later = [
      { ...transport, packetsReceived: 150 },
      pair,
      local,
      remote,
      { ...audio, packetsReceived: 139, packetsLost: 11, bytesReceived: 5_000 },
      video,
      { ...audioOut, bytesSent: 1_900 },
    ];
    const [stats] = readStats(later, sample, 3_000);
    expect(stats).toMatchObject({
      lossPercent: 2,
      inBitsPerSecond: 16_000,
      outBitsPerSecond: 4_000,
      audioIn: { bitsPerSecond: 16_000, lossPercent: 2 },
      videoIn: { bitsPerSecond: 0, lossPercent: undefined },
      alive: true,
    });
  });

  test("tell that nothing came since the one before", () => {
    const [, sample] = readStats(report, undefined, 1_000);
    expect(readStats(report, sample, 2_000)[0].alive).toBe(false);
    expect(readStats([transport, { ...pair, responsesReceived: 4 }], sample, 2_000)[0].alive).toBe(true);
  });

  test.each([
    [
      { ...local, candidateType: "relay", relayProtocol: "tls" },
      remote,
      { local: "relay", remote: "srflx", protocol: "udp", relayProtocol: "tls", path: "relayed" },
    ],
    [
      local,
      { ...remote, candidateType: "relay" },
      { local: "host", remote: "relay", protocol: "udp", path: "relayed" },
    ],
    [
      { ...local, protocol: "tcp" },
      remote,
      { local: "host", remote: "srflx", protocol: "tcp", path: "direct" },
    ],
    [local, { ...remote, candidateType: undefined }, undefined],
  ])("name the way of the packets", (localCandidate, remoteCandidate, selectedPair) => {
    const [stats] = readStats([transport, pair, localCandidate, remoteCandidate], undefined, 0);
    expect(stats.selectedPair).toEqual(selectedPair);
  });

  test("find the pair without a transport entry: marked as selected, or nominated", () => {
    const lost = { ...pair, id: "P0", state: "failed", nominated: false, localCandidateId: "none" };
    const { state, nominated, ...bare } = pair;
    expect(
      readStats([lost, { ...bare, selected: true }, local, remote], undefined, 0)[0].selectedPair?.path,
    ).toBe("direct");
    expect(readStats([lost, pair, local, remote], undefined, 0)[0].selectedPair?.path).toBe("direct");
    expect([state, nominated]).toEqual(["succeeded", true]);
  });

  test("of an empty or strange report are unknown", () => {
    const [stats] = readStats(
      [null, 3, { id: "x" }, { id: "A", type: "inbound-rtp", kind: "audio", jitter: "no" }],
      undefined,
      7,
    );
    expect(stats).toEqual({
      at: 7,
      rttMs: undefined,
      lossPercent: undefined,
      jitterMs: undefined,
      inBitsPerSecond: undefined,
      outBitsPerSecond: undefined,
      audioIn: {
        packets: 0,
        bitsPerSecond: undefined,
        lossPercent: undefined,
        jitterMs: undefined,
        level: undefined,
      },
      videoIn: undefined,
      audioOut: undefined,
      videoOut: undefined,
      selectedPair: undefined,
      alive: false,
    });
  });
});

test("the statistics of a Firefox whose transport counts nothing are alive while packets or data come in", () => {
  /** As of Firefox 153: consent is answered every 5 s. */
  const report = (packets: number, bytesReceived: number, responsesReceived: number) => [
    {
      id: "T",
      type: "transport",
      selectedCandidatePairId: "P1",
      iceState: "connected",
      dtlsState: "connected",
    },
    { ...pair, selected: true, currentRoundTripTime: 0, bytesReceived, responsesReceived },
    { id: "in", type: "inbound-rtp", kind: "audio", packetsReceived: packets },
    local,
    remote,
  ];
  let sample: StatsSample | undefined;
  const alive = [
    report(0, 2_262, 1),
    report(0, 2_300, 1),
    report(9, 2_300, 1),
    report(9, 2_300, 1),
    report(9, 2_300, 2),
  ].map((entries, place) => {
    const [stats, next] = readStats(entries, sample, place * 2_000);
    sample = next;
    return stats.alive;
  });
  expect(alive).toEqual([true, true, true, false, true]);
});

describe("the statistics of a Firefox without transports", () => {
  /** As of older ones over one bundle: no transport, no round trip and no answers at the pair. */
  const firefox = (packets: number, bytes: number) => [
    {
      id: "p1",
      type: "candidate-pair",
      state: "frozen",
      nominated: false,
      selected: false,
      bytesReceived: 0,
    },
    {
      id: "p2",
      type: "candidate-pair",
      transportId: "transport_0",
      localCandidateId: "L",
      remoteCandidateId: "R",
      state: "succeeded",
      nominated: true,
      selected: true,
      bytesSent: 4_000,
      bytesReceived: bytes,
      lastPacketReceivedTimestamp: 12,
    },
    local,
    remote,
    {
      id: "in",
      type: "inbound-rtp",
      kind: "audio",
      mediaType: "audio",
      packetsReceived: packets,
      jitter: 0.002,
    },
    { id: "rin", type: "remote-inbound-rtp", kind: "audio", roundTripTime: 0.031, packetsLost: 0 },
  ];

  test("are alive while packets or data come in, and not when nothing does", () => {
    const [first, one] = readStats(firefox(50, 9_000), undefined, 1_000);
    const [sound, two] = readStats(firefox(150, 9_000), one, 2_000);
    const [data, three] = readStats(firefox(150, 9_100), two, 3_000);
    const [nothing] = readStats(firefox(150, 9_100), three, 4_000);
    expect([first, sound, data, nothing].map(({ alive }) => alive)).toEqual([true, true, true, false]);
  });

  test("have the round trip that the peer's receiver reports tell, and the pair that is marked", () => {
    const [{ rttMs, selectedPair }] = readStats(firefox(50, 9_000), undefined, 1_000);
    expect([rttMs, selectedPair]).toEqual([
      31,
      { local: "host", remote: "srflx", protocol: "udp", path: "direct" },
    ]);
  });
});

test("whatever a platform counts, the statistics are numbers that make sense, and nothing throws", () => {
  const value = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.constantFrom(undefined, null, {}, 5n));
  const entry = fc.record({
    id: fc.constantFrom("T", "P1", "A", "V"),
    type: fc.constantFrom("transport", "candidate-pair", "inbound-rtp", "outbound-rtp", "remote-inbound-rtp"),
    kind: fc.constantFrom("audio", "video", undefined),
    selectedCandidatePairId: fc.constantFrom("P1", undefined),
    selected: fc.boolean(),
    ...Object.fromEntries(
      ["packetsReceived", "packetsLost", "bytesReceived", "bytesSent", "jitter", "audioLevel"].map(
        (field) => [field, value],
      ),
    ),
    ...Object.fromEntries(
      ["frameWidth", "framesPerSecond", "currentRoundTripTime", "roundTripTime", "packetsSent"].map(
        (field) => [field, value],
      ),
    ),
  });
  const reports = fc.array(fc.array(fc.oneof(entry, value), { maxLength: 8 }), {
    minLength: 2,
    maxLength: 5,
  });
  const property = fc.property(reports, (all) => {
    let sample: StatsSample | undefined;
    for (const [place, report] of all.entries()) {
      const [stats, next] = readStats(report, sample, place * 1_000);
      sample = next;
      for (const number of numbersIn(stats)) {
        expect(number).toSatisfy((one: number) => Number.isFinite(one) && one >= 0);
      }
      expect(stats.lossPercent ?? 0).toBeLessThanOrEqual(100);
      expect(stats.audioIn?.level ?? 0).toBeLessThanOrEqual(1);
    }
  });
  fc.assert(property, { seed: 15, numRuns: 500 });
});

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}
