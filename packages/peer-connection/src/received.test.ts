import { describe, expect, test } from "vitest";
import { grew, readReceived, remember } from "./received.ts";

describe("what came in", () => {
  test("is read from inbound streams, the transport and every pair", () => {
    const report = [
      {
        id: "p",
        type: "candidate-pair",
        responsesReceived: 2,
        bytesReceived: 900,
        currentRoundTripTime: 0.25,
      },
      { id: "t", type: "transport", packetsReceived: 7, selectedCandidatePairId: "p" },
      { id: "q", type: "candidate-pair", responsesReceived: 1 },
      { id: "a", type: "inbound-rtp", packetsReceived: 5 },
      { id: "v", type: "inbound-rtp", kind: "video", packetsReceived: 3 },
      { id: "w", type: "inbound-rtp", mediaType: "video", packetsReceived: 4 },
      { id: "o", type: "outbound-rtp", packetsSent: 9 },
      "strange",
      null,
    ];
    expect(readReceived(report)).toEqual({
      audio: { "a packetsReceived": 5 },
      video: { "v packetsReceived": 3, "w packetsReceived": 4 },
      payload: { "t packetsReceived": 7, "p bytesReceived": 900 },
      answers: { "p responsesReceived": 2, "q responsesReceived": 1 },
      rttMs: 250,
    });
  });

  test("is unknown where the platform does not count what its paths deliver", () => {
    expect(readReceived([{ id: "a", type: "inbound-rtp", packetsReceived: 5 }])).toBeUndefined();
    expect(readReceived([{ id: "t", type: "transport" }])).toBeUndefined();
    expect(readReceived([])).toBeUndefined();
  });

  test("has no round trip where no transport names its pair", () => {
    const report = [{ id: "p", type: "candidate-pair", bytesReceived: 900, currentRoundTripTime: 0.25 }];
    expect(readReceived(report)).toEqual({
      audio: {},
      video: {},
      payload: { "p bytesReceived": 900 },
      answers: {},
      rttMs: undefined,
    });
  });

  test("is read without what is no count", () => {
    const report = [Number.NaN, -1, Number.POSITIVE_INFINITY, "7", null, undefined, 7n, {}].map(
      (value, place) => ({
        id: `t${place}`,
        type: "transport",
        packetsReceived: value,
      }),
    );
    expect(readReceived(report)).toBeUndefined();
  });

  test("has not grown when a counter was gone for a time", () => {
    const rtt = { rttMs: undefined };
    const first = { audio: { a: 5 }, video: {}, payload: { t: 9 }, answers: { p: 1 }, ...rtt };
    const gone = { audio: {}, video: { v: 1 }, payload: { u: 2 }, answers: {}, rttMs: 3 };
    const both = { audio: { a: 5 }, video: { v: 1 }, payload: { t: 9, u: 2 }, answers: { p: 1 }, rttMs: 3 };
    expect(remember(undefined, first)).toBe(first);
    expect(remember(first, gone)).toEqual(both);
  });

  test("has grown when one counter has, whatever became of the others", () => {
    const rows: readonly [Parameters<typeof grew>[0], Parameters<typeof grew>[1], boolean][] = [
      [{ a: 1 }, { a: 1 }, false],
      [{ a: 1 }, { a: 2 }, true],
      [{ a: 9, b: 1 }, { b: 1 }, false],
      [{ a: 9, b: 1 }, { b: 2 }, true],
      [{ a: 9 }, { a: 0, b: 1 }, true],
      [{ a: 9 }, { b: 0 }, false],
    ];
    expect(rows.map(([before, after]) => grew(before, after))).toEqual(rows.map(([, , grown]) => grown));
  });
});
