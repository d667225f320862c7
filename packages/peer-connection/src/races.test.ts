import type { CandidatesSignal } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import { holdMs, maxHeld, silenceMs } from "./candidate-queue.ts";
import { answerTimeoutMs } from "./negotiation.ts";
import {
  connectedCall,
  deadlineMs,
  descriptions,
  type FakeSide,
  openCall,
  pass,
  seen,
  types,
  watchAdded,
} from "./testing/fake-call.ts";
import { createFakeTrack, until } from "./testing/index.ts";

/** The rows of PROTOCOL 2.7 that one connection decides by itself; those of rebuilds are in `rebuild.test.ts`. */

const texts = (added: readonly RTCIceCandidateInit[]) => added.map(({ candidate }) => candidate);
const sentBy = ({ events }: FakeSide) =>
  events.flatMap((event) => (event.type === "peer.candidates" ? [event.candidates] : []));
const ufragOf = ({ connection }: FakeSide) =>
  /ice-ufrag:(\S+)/.exec(connection.localDescription?.sdp ?? "")?.[1];

function candidates(ufrag: string, count: number, firstIndex = 0): CandidatesSignal {
  const list = Array.from({ length: count }, (_, i) => ({
    candidate: `candidate:${firstIndex + i}`,
    sdpMid: "0",
    sdpMLineIndex: 0,
  }));
  return { generation: 1, ufrag, firstIndex, list, end: false };
}

describe("candidates", () => {
  test("36: that come before the description are held by ufrag and added behind it, in order", async () => {
    const call = openCall({ network: { candidateTypes: ["host", "srflx", "relay"] } });
    const held: Parameters<FakeSide["onTheWay"]>[0][] = [];
    call.caller.onTheWay = (description) => {
      held.push(description);
      return undefined;
    };
    const added = watchAdded(call.callee);
    await until(() => sentBy(call.caller).some(({ end }) => end), deadlineMs, "all are sent");
    expect([held.length, added]).toEqual([1, []]);
    for (const description of held) call.callee.peer.apply(description);
    await until(() => added.length > 0, deadlineMs, "added");
    const sent = sentBy(call.caller).flatMap(({ list }) => list);
    expect(texts(added)).toEqual([...sent.map(({ candidate }) => candidate), ""]);
    expect(call.callee.connection.signalingState).not.toBe("closed");
  });

  test("37: of an older ufrag after a restart are dropped, and nothing is told", async () => {
    const warnings: string[] = [];
    const logger = {
      debug: (text: string) => warnings.push(text),
      info: () => undefined,
      warn: (text: string) => warnings.push(text),
    };
    const { caller, callee, clock } = await connectedCall({ callee: { logger } });
    const old = ufragOf(caller) ?? "";
    caller.peer.restartIce();
    await until(() => descriptions(callee).includes("answer 2"), deadlineMs, "restarted");
    const added = watchAdded(callee);
    const before = [[], [...types(callee)], [], clock.waiting];
    callee.peer.addCandidates(candidates(old, 3, 10));
    await Promise.resolve();
    expect([added, types(callee), warnings, clock.waiting]).toEqual(before);
  });

  test("38: of a ufrag that has not come are held, at most 64 of them and for 30 s", async () => {
    for (const [waitMs, expected] of [
      [holdMs - 1, maxHeld],
      [holdMs, 0],
    ]) {
      const { caller, callee, clock } = await connectedCall();
      caller.candidatesOnTheWay = () => undefined;
      const held: Parameters<FakeSide["onTheWay"]>[0][] = [];
      caller.onTheWay = (description) => {
        held.push(description);
        return undefined;
      };
      caller.peer.restartIce();
      await until(() => held.length === 1, deadlineMs, "the offer is held");
      callee.peer.addCandidates(candidates(ufragOf(caller) ?? "", maxHeld + 6));
      clock.advance(waitMs ?? 0);
      const added = watchAdded(callee);
      for (const description of held) callee.peer.apply(description);
      await until(() => descriptions(callee).includes("answer 2"), deadlineMs, "answered");
      expect(texts(added).filter((text) => text !== "").length).toBe(expected);
    }
  });

  test("39: after the end, or from an endpoint that lost, reach no connection", async () => {
    const { caller, callee, clock } = await connectedCall();
    const added = watchAdded(callee);
    callee.peer.addCandidates(candidates("loser", 2));
    clock.advance(holdMs);
    callee.peer.close();
    callee.peer.addCandidates(candidates(ufragOf(caller) ?? "", 2, 20));
    caller.peer.close();
    await Promise.resolve();
    expect([texts(added).filter((text) => text !== ""), clock.waiting]).toEqual([[], 0]);
  });

  test("40: that a peer never ends are ended here 20 s after the last one", async () => {
    const call = openCall();
    call.caller.candidatesOnTheWay = (sent) => ({ ...sent, end: false });
    const added = watchAdded(call.callee);
    await until(() => added.length > 0, deadlineMs, "candidates");
    call.clock.advance(silenceMs - 1_000);
    call.callee.peer.addCandidates(candidates(ufragOf(call.caller) ?? "", 1, 20));
    call.clock.advance(silenceMs - 1);
    expect(texts(added)).not.toContain("");
    call.clock.advance(1);
    expect(added.at(-1)).toMatchObject({ candidate: "", usernameFragment: ufragOf(call.caller) });
  });

  test("47: of an offer that lost reach no connection; errors of others are swallowed", async () => {
    const { caller, callee } = await connectedCall();
    const added = watchAdded(caller);
    caller.onTheWay = () => undefined;
    caller.peer.restartIce();
    callee.peer.restartIce();
    await until(
      () => sentBy(callee).length > 1 && descriptions(caller).includes("offer 2"),
      deadlineMs,
      "crossed",
    );
    expect(texts(added).filter((text) => text !== "")).toEqual([]);
    caller.connection.addIceCandidate = () => Promise.reject(new DOMException("no", "OperationError"));
    const current = sentBy(callee)[0]?.ufrag ?? "";
    caller.peer.addCandidates(candidates(current, 1, 30));
    await Promise.resolve();
    caller.peer.sendChat("still there?");
    await until(() => callee.chats.length === 1, deadlineMs, "the call goes on");
    expect(types(caller).filter((type) => /broken|failed|stuck/.test(type))).toEqual([]);
  });
});

describe("offers and answers", () => {
  test("44: the answer to an offer that was rolled back is dropped, and no error reaches anyone", async () => {
    const problems: string[] = [];
    const logger = {
      debug: (text: string) => problems.push(text),
      info: () => undefined,
      warn: (text: string) => problems.push(text),
    };
    const { caller, callee, clock } = await connectedCall({ caller: { logger } });
    const held: Parameters<FakeSide["onTheWay"]>[0][] = [];
    callee.onTheWay = (description) => {
      held.push(description);
      return undefined;
    };
    caller.peer.restartIce();
    await until(() => held.length === 1, deadlineMs, "the answer is held");
    clock.advance(answerTimeoutMs);
    await until(() => caller.connection.signalingState === "stable", deadlineMs, "rolled back");
    callee.onTheWay = (description) => description;
    for (const description of held) caller.peer.apply(description);
    await pass({ clock }, 2_000);
    await until(() => descriptions(caller).includes("offer 3"), deadlineMs, "the next offer");
    for (const description of held) caller.peer.apply(description);
    await until(() => caller.connection.signalingState === "stable", deadlineMs, "settled");
    expect(descriptions(callee)).toEqual(["answer 1", "answer 2", "answer 3"]);
    expect(problems).toEqual([]);
    expect(types(caller).filter((type) => /broken|failed|stuck/.test(type))).toEqual([]);
  });

  test("48: an offer that arrives while the call is being ended is ignored", async () => {
    const { caller, callee, clock } = await connectedCall();
    const offers: Parameters<FakeSide["onTheWay"]>[0][] = [];
    caller.onTheWay = (description) => {
      offers.push(description);
      return undefined;
    };
    caller.peer.restartIce();
    await until(() => offers.length === 1, deadlineMs, "an offer");
    callee.peer.say({ type: "bye", reason: "hung-up" });
    callee.peer.close();
    const before = [...callee.events];
    for (const description of offers) callee.peer.apply(description);
    await pass({ clock }, 500);
    expect(callee.events).toEqual(before);
    expect(callee.connection.isClosed).toBe(true);
  });

  test("49: both add video at once: one line, no renegotiation, and each sends the other its track", async () => {
    const tracks: string[] = [];
    const onRemoteTrack = (_track: MediaStreamTrack, kind: string) => tracks.push(kind);
    const { caller, callee } = await connectedCall({ platform: { onRemoteTrack } });
    const cameras = [createFakeTrack("video"), createFakeTrack("video")];
    caller.peer.setTracks({ camera: cameras[0] });
    callee.peer.setTracks({ camera: cameras[1] });
    const video = ({ connection }: FakeSide) =>
      connection.getTransceivers().filter(({ receiver }) => receiver.track.kind === "video");
    const sent = () => [caller, callee].map((side) => video(side).map(({ sender }) => sender.track));
    await until(
      () =>
        sent()
          .flat()
          .every((track) => track !== null),
      deadlineMs,
      "attached",
    );
    expect(sent()).toEqual(cameras.map((camera) => [camera]));
    expect([caller, callee].map(descriptions)).toEqual([["offer 1"], ["answer 1"]]);
    expect([...tracks].sort()).toEqual(["audio", "audio", "video", "video"]);
  });

  test("67: an ICE restart waits for fresh credentials, and its offer is made with them", async () => {
    const fresh = Promise.withResolvers<readonly RTCIceServer[] | undefined>();
    const { caller, callee, clock } = await connectedCall({
      caller: { freshIceServers: () => fresh.promise },
    });
    const offered: unknown[] = [];
    const createOffer = caller.connection.createOffer.bind(caller.connection);
    caller.connection.createOffer = () => {
      offered.push(caller.connection.configuration.iceServers);
      return createOffer();
    };
    caller.peer.restartIce();
    await pass({ clock }, 1_500);
    expect([offered, descriptions(caller)]).toEqual([[], ["offer 1"]]);
    const turn = { urls: "turn:t", username: "fresh", credential: "c" };
    fresh.resolve([turn]);
    await until(() => descriptions(callee).includes("answer 2"), deadlineMs, "restarted");
    expect(offered).toEqual([[turn]]);
  });

  test("67: without fresh credentials, or when asking fails, a restart goes with what it has", async () => {
    for (const freshIceServers of [
      () => undefined,
      async () => undefined,
      () => Promise.reject(new TypeError("no network")),
    ]) {
      const { caller, callee } = await connectedCall({ caller: { freshIceServers } });
      caller.peer.restartIce();
      await until(() => descriptions(callee).includes("answer 2"), deadlineMs, "restarted");
      expect(caller.connection.configuration.iceServers).toEqual([]);
    }
  });
});

describe("100: the peer's fingerprint", () => {
  const bound = ["sha-256 AA:BB"];

  test("that is not the bound one ends the call before anything of it is applied or heard", async () => {
    const tracks: string[] = [];
    const { callee } = openCall({
      callee: { remoteFingerprints: bound, onRemoteTrack: (_track, kind) => tracks.push(kind) },
    });
    await seen(callee, "peer.broken");
    expect(callee.events).toEqual([{ type: "peer.broken", reason: "security" }]);
    expect([callee.connection.signalingState, callee.peer.states().connection, tracks]).toEqual([
      "stable",
      "new",
      [],
    ]);
  });

  test("that is the bound one, in either case of its letters, connects", async () => {
    const { caller } = openCall();
    await seen(caller, "peer.described");
    // The fake numbers its certificates: the caller of the next network has the same.
    const [, own = ""] = /fingerprint:(.+)/.exec(caller.connection.localDescription?.sdp ?? "") ?? [];
    const { callee } = await connectedCall({ callee: { remoteFingerprints: [own.trim().toUpperCase()] } });
    expect(types(callee)).not.toContain("peer.broken");
  });

  test("that was not bound must still be that of the first description, over every ICE restart", async () => {
    const { caller, callee } = await connectedCall();
    const before = callee.peer.states();
    caller.onTheWay = (description) => ({
      ...description,
      sdp: description.sdp.replace(/fingerprint:.*/g, "fingerprint:sha-256 EE:EE"),
    });
    caller.peer.restartIce();
    await seen(callee, "peer.broken");
    expect(callee.events.at(-1)).toEqual({ type: "peer.broken", reason: "security" });
    expect(callee.peer.states()).toEqual(before);
  });

  test("of this side is told with each description when its certificate is kept, and not otherwise", async () => {
    const certificates: RTCCertificate[] = [{ expires: 0, getFingerprints: () => [] }];
    const { caller, callee } = await connectedCall({ caller: { certificates } });
    const told = [caller, callee].map(({ events }) =>
      events.flatMap((event) => (event.type === "peer.described" ? [event.fingerprints] : [])),
    );
    expect(told).toEqual([[["sha-256 00:02"]], [undefined]]);
  });
});
