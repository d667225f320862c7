import { describe, expect, test } from "vitest";
import { until } from "../contract/assert.ts";
import type { FakeConnection } from "./connection.ts";
import { createFakeNetwork } from "./network.ts";
import { nextSignalingState, type Setting } from "./signaling-state.ts";

const deadlineMs = 2_000;

describe("the signaling states, as the W3C draws them", () => {
  const states = [
    "stable",
    "have-local-offer",
    "have-remote-offer",
    "have-local-pranswer",
    "have-remote-pranswer",
  ] as const;
  const legal: [RTCSignalingState, Setting["side"], RTCSdpType, RTCSignalingState][] = [
    ["stable", "local", "offer", "have-local-offer"],
    ["stable", "remote", "offer", "have-remote-offer"],
    ["have-local-offer", "local", "offer", "have-local-offer"],
    ["have-local-offer", "remote", "answer", "stable"],
    ["have-local-offer", "remote", "pranswer", "have-remote-pranswer"],
    ["have-local-offer", "local", "rollback", "stable"],
    ["have-remote-offer", "remote", "offer", "have-remote-offer"],
    ["have-remote-offer", "local", "answer", "stable"],
    ["have-remote-offer", "local", "pranswer", "have-local-pranswer"],
    ["have-remote-offer", "remote", "rollback", "stable"],
    ["have-local-pranswer", "local", "pranswer", "have-local-pranswer"],
    ["have-local-pranswer", "local", "answer", "stable"],
    ["have-remote-pranswer", "remote", "pranswer", "have-remote-pranswer"],
    ["have-remote-pranswer", "remote", "answer", "stable"],
  ];

  for (const state of states) {
    for (const side of ["local", "remote"] as const) {
      for (const type of ["offer", "answer", "pranswer", "rollback"] as const) {
        const to = legal.find(([from, s, t]) => from === state && s === side && t === type)?.[3];
        test(`${side} ${type} in ${state}: ${to ?? "InvalidStateError"}`, () => {
          expect(nextSignalingState(state, { side, type })).toBe(to);
        });
      }
    }
  }
});

const ufragOf = (sdp: string | undefined) => /a=ice-ufrag:(.*)/.exec(sdp ?? "")?.[1]?.trim();

function pair(options: Parameters<typeof createFakeNetwork>[0] = {}) {
  const network = createFakeNetwork(options);
  const a = network.createConnection();
  const b = network.createConnection();
  for (const one of [a, b]) one.createDataChannel("control", { negotiated: true, id: 0 });
  a.addTransceiver("audio", { direction: "sendrecv" });
  return { network, a, b };
}

async function exchange(a: FakeConnection, b: FakeConnection) {
  const offer = await a.createOffer();
  await a.setLocalDescription(offer);
  await b.setRemoteDescription(offer);
  const answer = await b.createAnswer();
  await b.setLocalDescription(answer);
  await a.setRemoteDescription(answer);
  return { offer: ufragOf(offer.sdp), answer: ufragOf(answer.sdp) };
}

/** What a connection gathers, to be added to the other one by the test. */
function gathered(from: FakeConnection): RTCIceCandidateInit[] {
  const list: RTCIceCandidateInit[] = [];
  from.addEventListener("icecandidate", ({ candidate }) => {
    if (candidate !== null) list.push({ ...candidate });
  });
  return list;
}

async function connect(a: FakeConnection, b: FakeConnection) {
  const lists = [gathered(a), gathered(b)] as const;
  await exchange(a, b);
  await until(() => lists.every((list) => list.length === 2), deadlineMs, "the candidates");
  for (const candidate of lists[0]) await b.addIceCandidate(candidate);
  for (const candidate of lists[1]) await a.addIceCandidate(candidate);
}

describe("a fake connection", () => {
  test("connects when descriptions and candidates were exchanged, not before", async () => {
    const { a, b } = pair();
    const lists = [gathered(a), gathered(b)] as const;
    await exchange(a, b);
    await until(() => lists.every((list) => list.length === 2), deadlineMs, "the candidates");
    for (const candidate of lists[0]) await b.addIceCandidate(candidate);
    expect([a.connectionState, b.connectionState]).toEqual(["connecting", "connecting"]);
    for (const candidate of lists[1]) await a.addIceCandidate(candidate);
    expect([a.connectionState, b.connectionState]).toEqual(["connected", "connected"]);
    expect(a.channels[0]?.readyState).toBe("open");
  });

  test("throws what the platform throws", async () => {
    const { a, b } = pair({ implicitRollback: false });
    const errors: string[] = [];
    const attempt = async (run: () => Promise<unknown>) => {
      await run().catch((thrown: unknown) => errors.push(thrown instanceof Error ? thrown.name : "?"));
    };
    await attempt(() => a.createAnswer());
    await attempt(() => a.addIceCandidate({ candidate: "candidate:1" }));
    await attempt(() => a.setRemoteDescription({ type: "offer", sdp: "garbage" }));
    await attempt(() => a.setRemoteDescription({ type: "answer", sdp: "garbage" }));
    await attempt(() => a.setLocalDescription({ type: "offer", sdp: "v=0 not mine" }));
    const offer = await a.createOffer();
    await a.setLocalDescription(offer);
    await b.setLocalDescription(await b.createOffer());
    await attempt(() => b.setRemoteDescription(offer));
    await attempt(() => a.addIceCandidate({ candidate: "candidate:1", usernameFragment: "unknown" }));
    expect(errors).toEqual([
      "InvalidStateError",
      "InvalidStateError",
      "SyntaxError",
      "InvalidStateError",
      "InvalidModificationError",
      "InvalidStateError",
      "InvalidStateError",
    ]);
  });

  test("rolls back explicitly, or by a remote offer, and its lines lose their mids", async () => {
    const { a, b } = pair();
    await a.setLocalDescription(await a.createOffer());
    expect(a.getTransceivers().map(({ mid }) => mid)).toEqual(["0"]);
    await a.setLocalDescription({ type: "rollback" });
    expect([a.signalingState, a.getTransceivers().map(({ mid }) => mid)]).toEqual(["stable", [null]]);
    const offer = await a.createOffer();
    await a.setLocalDescription(offer);
    await b.setLocalDescription(await b.createOffer());
    await b.setRemoteDescription(offer);
    expect(b.signalingState).toBe("have-remote-offer");
  });

  test("keeps its credentials in a renegotiation, and changes them on both sides in an ICE restart", async () => {
    const { a, b } = pair();
    const first = await exchange(a, b);
    expect(await exchange(b, a)).toEqual({ offer: first.answer, answer: first.offer });
    b.restartIce();
    const third = await exchange(b, a);
    expect(new Set([first.offer, first.answer, third.offer, third.answer]).size).toBe(4);
    expect(await exchange(b, a)).toEqual(third);
  });

  test("remembers a restart over a rollback", async () => {
    const { a, b } = pair();
    const first = await exchange(a, b);
    a.restartIce();
    await a.setLocalDescription(await a.createOffer());
    await a.setLocalDescription({ type: "rollback" });
    expect((await exchange(a, b)).offer).not.toBe(first.offer);
  });

  test("does what is asked one step of the schedule at a time", async () => {
    const steps: (() => void)[] = [];
    const { a } = pair({ schedule: (run) => steps.push(run) });
    const log: string[] = [];
    const offer = a.createOffer().then(() => log.push("offer"));
    const second = a.createOffer().then(() => log.push("second"));
    await until(() => steps.length === 1, deadlineMs, "the first step");
    expect(log).toEqual([]);
    steps.shift()?.();
    await offer;
    await until(() => steps.length === 1, deadlineMs, "the second step");
    expect(log).toEqual(["offer"]);
    steps.shift()?.();
    await second;
    expect(log).toEqual(["offer", "second"]);
  });

  test("loses what it had not sent when it closes, and the peer's channels close", async () => {
    const { a, b, network } = pair();
    await connect(a, b);
    const got: unknown[] = [];
    b.channels[0]?.addEventListener("message", ({ data }) => got.push(data));
    a.channels[0]?.send(new Uint8Array([1]));
    a.close();
    await until(() => b.channels[0]?.readyState === "closed", deadlineMs, "closed");
    expect([got, network.openCount]).toEqual([[], 1]);
    expect(() => a.createDataChannel("x", { negotiated: true, id: 3 })).toThrow("closed");
  });

  test("the old path carries what is sent while an ICE restart has not found a new one", async () => {
    const { a, b } = pair();
    await connect(a, b);
    a.restartIce();
    await exchange(a, b);
    const got: unknown[] = [];
    b.channels[0]?.addEventListener("message", ({ data }) => got.push(data));
    a.channels[0]?.send(new Uint8Array([1]));
    await until(() => got.length === 1, deadlineMs, "the message");
    expect([a.connectionState, b.connectionState]).toEqual(["connected", "connected"]);
  });

  test("what is sent while nothing passes arrives afterwards", async () => {
    const { a, b, network } = pair();
    await connect(a, b);
    const got: number[] = [];
    const [channel] = b.channels;
    if (channel !== undefined) channel.binaryType = "arraybuffer";
    channel?.addEventListener("message", ({ data }) => {
      if (data instanceof ArrayBuffer) got.push(...new Uint8Array(data));
    });
    network.interrupt();
    for (const byte of [1, 2]) a.channels[0]?.send(new Uint8Array([byte]));
    await Promise.resolve();
    expect([got, a.connectionState]).toEqual([[], "disconnected"]);
    network.restore();
    await until(() => got.length === 2, deadlineMs, "both");
    expect([got, a.connectionState]).toEqual([[1, 2], "connected"]);
  });
});
