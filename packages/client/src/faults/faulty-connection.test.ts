import type { ConnectionLike } from "@peerline/peer-connection";
import { createFakeNetwork, createFakeTrack, createManualClock } from "@peerline/peer-connection/testing";
import { expect, test, vi } from "vitest";
import { createSwitchboard } from "./fault-switches.ts";
import { createConfigurationFaults, faultyConfiguration } from "./faulty-configuration.ts";
import { faultyConnections } from "./faulty-connection.ts";

const turn = { urls: "turn:turn.example", username: "1:ana", credential: "first" };
const stun = { urls: "stun:stun.example" };

/** One side behind switches, the other not, and the signaling between them. */
function createPair() {
  const network = createFakeNetwork();
  const board = createSwitchboard();
  const clock = createManualClock(0);
  const create = faultyConnections(network.createConnection, {
    board,
    clock,
    configurations: createConfigurationFaults(board),
  });
  const near = create({ iceServers: [stun, turn] });
  const far = network.createConnection({});
  const [native] = network.connections;
  if (!native) throw new Error("no connection was made");
  const lines = [near, far].map((one) => one.addTransceiver("audio", { direction: "sendrecv" }));
  const heard: Record<"near" | "far", string[]> = { near: [], far: [] };
  const channels = Object.entries({ near, far }).map(([name, one]) => {
    const channel = one.createDataChannel("chat", { negotiated: true, id: 1 });
    channel.binaryType = "arraybuffer";
    channel.addEventListener("message", ({ data }) => {
      heard[name as "near" | "far"].push(new TextDecoder().decode(data as ArrayBuffer));
    });
    return channel;
  });
  const states: string[] = [];
  near.addEventListener("connectionstatechange", () => {
    const said = `${near.connectionState} ${near.iceConnectionState}`;
    if (said !== states.at(-1)) states.push(said);
  });
  return { board, clock, create, near, far, native, lines, channels, heard, states };
}

/** What is gathered from now on. */
function gathered(one: ConnectionLike): RTCIceCandidateInit[] {
  const candidates: RTCIceCandidateInit[] = [];
  one.addEventListener("icecandidate", ({ candidate }) => {
    if (!candidate) return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    candidates.push({
      candidate: candidate.candidate,
      sdpMid,
      sdpMLineIndex,
      usernameFragment: usernameFragment ?? null,
    });
  });
  return candidates;
}

async function negotiate(near: ConnectionLike, far: ConnectionLike): Promise<void> {
  const [ours, theirs] = [gathered(near), gathered(far)];
  const offer = await near.createOffer();
  await near.setLocalDescription(offer);
  await far.setRemoteDescription(offer);
  const answer = await far.createAnswer();
  await far.setLocalDescription(answer);
  await near.setRemoteDescription(answer);
  await settled();
  for (const candidate of ours) await far.addIceCandidate(candidate);
  for (const candidate of theirs) await near.addIceCandidate(candidate);
  await settled();
}

/** Every operation of the fakes is over. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function connected() {
  const pair = createPair();
  await negotiate(pair.near, pair.far);
  expect(pair.near.connectionState).toBe("connected");
  pair.states.splice(0, pair.states.length, "connected connected");
  return pair;
}

const text = (words: string) => new TextEncoder().encode(words);

test("a connection over a dead path says so as a real one does, and is well again when the path is", async () => {
  const { board, clock, near, states } = await connected();
  board.set("kill-media", true);
  clock.advance(2_499);
  await settled();
  expect(states).toEqual(["connected connected"]);
  clock.advance(1);
  await settled();
  expect(states).toEqual(["connected connected", "disconnected disconnected"]);
  board.set("kill-media", false);
  await settled();
  expect(states).toEqual(["connected connected", "disconnected disconnected", "connected connected"]);
  clock.advance(60_000);
  expect(near.connectionState).toBe("connected");
});

test("a connection that gave up needs an ICE restart after the path is whole", async () => {
  const { board, clock, near, far, states } = await connected();
  board.set("kill-media", true);
  clock.advance(15_000);
  board.set("kill-media", false);
  await settled();
  expect(states.at(-1)).toBe("failed failed");
  near.restartIce();
  await negotiate(near, far);
  expect(near.connectionState).toBe("connected");
});

test("an ICE restart over a dead path leads nowhere before the path is whole", async () => {
  const { board, clock, near, far, states } = await connected();
  board.set("kill-media", true);
  clock.advance(15_000);
  near.restartIce();
  await negotiate(near, far);
  expect(states.at(-1)).toBe("failed failed");
  board.set("kill-media", false);
  await settled();
  expect(states.at(-1)).toBe("connected connected");
});

test("a new connection over a dead path does not come about", async () => {
  const { board, clock, create, far } = createPair();
  board.set("kill-media", true);
  const late = create({});
  late.createDataChannel("chat", { negotiated: true, id: 1 });
  late.addTransceiver("audio", { direction: "sendrecv" });
  await negotiate(late, far);
  expect([late.connectionState, late.iceConnectionState]).toEqual(["connecting", "checking"]);
  clock.advance(15_000);
  expect(late.connectionState).toBe("failed");
});

test("nothing is sent or heard over a dead path, and the tracks of now are sent after it", async () => {
  const { board, near, native, lines } = await connected();
  const [line] = lines;
  const [first, second] = [createFakeTrack("audio"), createFakeTrack("audio")];
  await line?.sender.replaceTrack(first);
  const [inside] = native.getTransceivers();
  board.set("kill-media", true);
  expect([inside?.sender.track, inside?.receiver.track.enabled]).toEqual([null, false]);
  await line?.sender.replaceTrack(second);
  expect([inside?.sender.track, line?.sender.track]).toEqual([null, second]);
  board.set("kill-media", false);
  await settled();
  expect([inside?.sender.track, inside?.receiver.track.enabled]).toEqual([second, true]);
  expect(near.getTransceivers()[0]).toBe(line);
});

test("messages wait for the path in both directions, in order", async () => {
  const { board, channels, heard } = await connected();
  const [near, far] = channels;
  board.set("kill-media", true);
  near?.send(text("1"));
  far?.send(text("a"));
  near?.send(text("2"));
  await settled();
  expect(heard).toEqual({ near: [], far: [] });
  board.set("kill-media", false);
  near?.send(text("3"));
  await settled();
  expect(heard).toEqual({ near: ["a"], far: ["1", "2", "3"] });
});

test("the counters stand still over a dead path", async () => {
  const { board, near, native } = await connected();
  const reports = Array.from({ length: 3 }, (_, index) => new Map([["counter", index]]));
  vi.spyOn(native, "getStats").mockImplementation(async () => reports.shift() ?? new Map());
  board.set("kill-media", true);
  const read = async () => [...(await near.getStats()).values()];
  expect([await read(), await read()]).toEqual([[0], [0]]);
  board.set("kill-media", false);
  expect([await read(), await read()]).toEqual([[1], [2]]);
});

test("expired TURN credentials are spoiled where they are, fresh ones are not", async () => {
  const { board, near, native } = await connected();
  const fresh = { ...turn, credential: "second" };
  board.trigger("expire-turn");
  expect(native.configuration.iceServers).toEqual([stun, { ...turn, credential: "first-expired" }]);
  near.setConfiguration({ iceServers: [stun, turn, fresh] });
  expect(native.configuration.iceServers).toEqual([stun, { ...turn, credential: "first-expired" }, fresh]);
});

test("relayed paths only, until the switch is off", async () => {
  const { board, create, native, near } = await connected();
  board.set("force-relay", true);
  expect(native.configuration).toEqual({ iceServers: [stun, turn], iceTransportPolicy: "relay" });
  near.setConfiguration({ iceServers: [stun] });
  expect(native.configuration).toEqual({ iceServers: [stun], iceTransportPolicy: "relay" });
  board.set("force-relay", false);
  expect(native.configuration).toEqual({ iceServers: [stun] });
  expect(() => create({})).not.toThrow();
});

test("a closed connection hears of no switch any more", async () => {
  const { board, clock, near, native } = await connected();
  near.close();
  board.set("kill-media", true);
  board.trigger("expire-turn");
  expect([native.isClosed, clock.waiting, near.connectionState]).toEqual([true, 0, "closed"]);
});

test("without a fault a configuration is what it was", () => {
  const configuration: RTCConfiguration = { bundlePolicy: "max-bundle" };
  expect(faultyConfiguration(configuration, { relayOnly: false, expired: new Set() })).toEqual(configuration);
});
