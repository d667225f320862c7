import type { PeerEvent } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import { maxFramesPerSecond } from "./channels.ts";
import { encodeChat } from "./chat-message.ts";
import type { ConnectionLike } from "./connection-like.ts";
import { encodeControl } from "./control-frame.ts";
import { createPeer } from "./create-peer.ts";
import { lingerMs } from "./machine-side.ts";
import { answerTimeoutMs } from "./negotiation.ts";
import {
  callId,
  connectedCall,
  deadlineMs,
  descriptions,
  openCall,
  seen,
  types,
} from "./testing/fake-call.ts";
import { createFakeNetwork, createFakeTrack, createManualClock, until } from "./testing/index.ts";

describe("the state of the connection", () => {
  test("is told when the path is interrupted and when it is back, each once", async () => {
    const { network, caller, clock } = await connectedCall();
    const before = caller.events.length;
    network.interrupt();
    network.restore();
    expect(caller.events.slice(before)).toEqual([
      { type: "peer.interrupted" },
      { type: "peer.connected", at: clock.now() },
    ]);
  });

  test("59: recovers from a failure by an ICE restart over the signals", async () => {
    const { network, caller, callee } = await connectedCall();
    network.fail();
    network.restore();
    expect([types(caller).at(-1), types(callee).at(-1)]).toEqual(["peer.failed", "peer.failed"]);
    caller.peer.restartIce();
    await until(() => caller.peer.states().connection === "connected", deadlineMs, "connected again");
    expect(types(caller).at(-1)).toBe("peer.connected");
  });

  test("is read from ICE where there is no connectionState", async () => {
    const { network, caller } = await connectedCall({ network: { connectionState: false } });
    network.interrupt();
    expect(types(caller).filter((type) => type === "peer.connected" || type === "peer.interrupted")).toEqual([
      "peer.connected",
      "peer.interrupted",
    ]);
  });

  test("is shown from the start, and each change once", async () => {
    const { caller } = await connectedCall();
    expect(caller.states[0]).toEqual({
      connection: "new",
      iceConnection: "new",
      iceGathering: "new",
      signaling: "stable",
      control: "connecting",
      chat: "connecting",
    });
    const texts = caller.states.map((states) => JSON.stringify(states));
    expect(texts.filter((text, i) => text === texts[i - 1])).toEqual([]);
    expect(caller.states.at(-1)).toMatchObject({
      connection: "connected",
      signaling: "stable",
      chat: "open",
    });
  });
});

describe("what breaks a connection", () => {
  test("an offer that cannot be made", async () => {
    const network = createFakeNetwork();
    const createConnection = () =>
      Object.assign(network.createConnection(), {
        createOffer: () => Promise.reject(new TypeError("no codec")),
      });
    const events: PeerEvent[] = [];
    const clock = createManualClock();
    createPeer(
      { callId, generation: 1, polite: false, offer: true, createConnection, iceServers: [], clock },
      (event) => events.push(event),
    );
    await until(() => events.length > 0, deadlineMs, "an event");
    expect(events).toEqual([{ type: "peer.broken", reason: "negotiation-failed" }]);
  });

  test("an answer to the first offer that cannot be applied", async () => {
    const { caller, callee } = openCall();
    callee.onTheWay = (description) => ({ ...description, sdp: "v=0\r\na=group:BUNDLE 0\r\n" });
    await seen(caller, "peer.broken");
    expect(caller.events.at(-1)).toEqual({ type: "peer.broken", reason: "incompatible" });
  });

  test("a rejection of the first offer", async () => {
    const { caller, callee } = openCall();
    caller.onTheWay = (description) => ({ ...description, sdp: "no" });
    await seen(caller, "peer.broken");
    expect([descriptions(callee), caller.events.at(-1)]).toEqual([
      ["reject 1"],
      { type: "peer.broken", reason: "incompatible" },
    ]);
  });

  test("45: negotiations that are never answered: 15 s each, with pauses, four times; a rebuild is asked for before the last", async () => {
    const { caller, callee, clock } = await connectedCall();
    caller.onTheWay = () => undefined;
    caller.peer.restartIce();
    for (const number of [2, 3, 4, 5]) {
      await until(() => descriptions(caller).length === number, deadlineMs, `offer ${number}`);
      clock.advance(answerTimeoutMs);
      await until(() => caller.connection.signalingState === "stable", deadlineMs, "rolled back");
      await until(() => clock.waiting > 0 || types(caller).includes("peer.broken"), deadlineMs, "a pause");
      clock.advance(answerTimeoutMs / 2);
    }
    await seen(caller, "peer.broken");
    expect(caller.events.at(-1)).toEqual({ type: "peer.broken", reason: "negotiation-failed" });
    const asked = types(caller).indexOf("peer.stuck");
    expect(descriptions({ ...caller, events: caller.events.slice(0, asked) }).at(-1)).toBe("offer 4");
    expect([caller, callee].flatMap(types).filter((type) => type === "peer.interrupted")).toEqual([]);
  });

  test("a platform without WebRTC is an error of its own, and leaves nothing open", () => {
    const open = (connection: () => ConnectionLike) => () =>
      openCall({ platform: { createConnection: connection } });
    const expected = expect.objectContaining({ code: "no-connection", message: "no WebRTC" });
    const fail = () => {
      throw new TypeError("no WebRTC");
    };
    expect(open(fail)).toThrow(expected);
    const network = createFakeNetwork();
    const half = () => Object.assign(network.createConnection(), { createDataChannel: fail });
    expect(open(half)).toThrow(expected);
    expect([network.connections.length, network.openCount]).toEqual([1, 0]);
  });
});

describe("close", () => {
  test("lets a bye leave, and closes 250 ms later", async () => {
    const { caller, callee, clock } = await connectedCall();
    caller.peer.say({ type: "bye", reason: "hung-up" });
    caller.peer.close();
    clock.advance(lingerMs - 1);
    await seen(callee, "peer.bye");
    expect(caller.connection.isClosed).toBe(false);
    clock.advance(1);
    expect(caller.connection.isClosed).toBe(true);
  });

  test("is immediate when nothing was said, or could not be", async () => {
    const { caller } = await connectedCall();
    caller.peer.say({
      type: "mediaState",
      state: { revision: 1, microphone: true, camera: true, onHold: false },
    });
    caller.peer.close();
    expect(caller.connection.isClosed).toBe(true);
    const early = openCall();
    early.caller.peer.say({ type: "bye", reason: "cancelled" });
    early.caller.peer.close();
    expect(early.caller.connection.isClosed).toBe(true);
  });

  test("lets go of the tracks and leaves no timer", async () => {
    const { caller, callee, clock, network } = await connectedCall();
    const microphone = createFakeTrack("audio");
    caller.peer.setTracks({ microphone });
    const sent = () => caller.connection.getTransceivers()[0]?.sender.track;
    await until(() => sent() === microphone, deadlineMs, "attached");
    caller.peer.close();
    callee.peer.close();
    await until(() => sent() === null, deadlineMs, "released");
    expect([clock.waiting, network.openCount, microphone.readyState]).toEqual([0, 0, "live"]);
  });

  test("while a description is being made ends the events", async () => {
    const { caller, callee } = openCall();
    caller.peer.close();
    callee.peer.close();
    expect([caller.events, callee.events]).toEqual([[], []]);
    await Promise.resolve();
    expect(caller.events).toEqual([]);
  });
});

describe("the channels", () => {
  test("ignore frames that are foreign, malformed or too many", async () => {
    const { caller, callee, clock } = await connectedCall();
    const before = callee.events.length;
    const [control] = caller.connection.channels;
    control?.send(new Uint8Array([1, 2, 3]));
    control?.send(encodeControl("ff".repeat(16), { type: "bye", reason: "hung-up" }));
    for (let revision = 1; revision <= maxFramesPerSecond; revision++) {
      caller.peer.say({
        type: "mediaState",
        state: { revision, microphone: true, camera: false, onHold: false },
      });
    }
    caller.peer.sendChat("after them");
    await until(() => callee.chats.length === 1, deadlineMs, "the chat");
    expect(callee.events.length - before).toBe(maxFramesPerSecond - 2);
    clock.advance(1_000);
    caller.peer.say({ type: "bye", reason: "hung-up" });
    await seen(callee, "peer.bye");
  });

  test("take no more lines than the peer reads, and all that were taken arrive", async () => {
    const { caller, callee, clock } = await connectedCall();
    const sent: string[] = [];
    const burst = (name: string) => {
      for (let line = 1; line <= 60; line += 1) {
        const chat = caller.peer.sendChat(`${name} ${line}`);
        if (chat) sent.push(chat.text);
      }
      return sent.length;
    };
    const counts = [burst("first")];
    await until(() => callee.chats.length === sent.length, deadlineMs, "the first lines");
    clock.advance(1_000);
    counts.push(burst("second"));
    await until(() => callee.chats.length === sent.length, deadlineMs, "the second lines");
    expect([counts, callee.chats.map(({ text }) => text)]).toEqual([[40, 50], sent]);
  });

  test("take the lines of some seconds at once, as they come after a path was found again", async () => {
    const { caller, callee } = await connectedCall();
    const [, chat] = caller.connection.channels;
    for (let line = 1; line <= 260; line += 1) {
      chat?.send(encodeChat({ id: "0a".repeat(16), text: `${line}`, sentAt: 0 }));
    }
    caller.peer.say({ type: "bye", reason: "hung-up" });
    await seen(callee, "peer.bye");
    expect([callee.chats.length, callee.chats.at(-1)?.text]).toEqual([250, "250"]);
  });

  test("say that a line which the platform does not take was not sent", async () => {
    const { caller } = await connectedCall();
    const [, chat] = caller.connection.channels;
    if (chat) {
      chat.send = () => {
        throw new DOMException("the queue is full", "OperationError");
      };
    }
    expect(caller.peer.sendChat("hello")).toBe(undefined);
  });

  test("refuse a text that cannot be sent, with the reason", async () => {
    const { caller } = await connectedCall();
    const code = (run: () => unknown) => {
      try {
        return run();
      } catch (thrown) {
        return thrown instanceof Error && "code" in thrown ? thrown.code : thrown;
      }
    };
    expect(code(() => caller.peer.sendChat(""))).toBe("bad-chat-text");
  });

  test("send nothing before they are open and after the call was closed", async () => {
    const { caller } = await connectedCall();
    caller.peer.close();
    expect([caller.peer.sendChat("too late"), openCall().caller.peer.sendChat("too early")]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

describe("candidates", () => {
  test("are ended after 15 s when the gathering does not end by itself", async () => {
    const { caller, clock } = await connectedCall({ network: { gatheringEnds: false } });
    const ends = () =>
      caller.events.filter((event) => event.type === "peer.candidates" && event.candidates.end).length;
    clock.advance(14_999);
    await Promise.resolve();
    expect(ends()).toBe(0);
    clock.advance(1);
    await until(() => ends() === 1, deadlineMs, "the end");
  });

  test("that gathered while the description was made leave after it, together", async () => {
    const { caller } = await connectedCall();
    const [first, second] = caller.events;
    expect(first?.type).toBe("peer.described");
    expect(second).toMatchObject({ type: "peer.candidates", candidates: { firstIndex: 0 } });
  });

  test("of another generation are ignored", async () => {
    const { caller, callee } = await connectedCall();
    const added: unknown[] = [];
    callee.connection.addIceCandidate = async (init) => void added.push(init);
    const sent = caller.events.find((event) => event.type === "peer.candidates");
    if (sent?.type !== "peer.candidates") throw new TypeError("no candidates");
    const later = { ...sent.candidates, firstIndex: 50 };
    callee.peer.addCandidates({ ...later, generation: 2 });
    expect(added).toEqual([]);
    callee.peer.addCandidates(later);
    expect(added.length).toBe(later.list.length);
  });
});

describe("the app's side", () => {
  test("what was lost is sent again: the answer, then the candidates", async () => {
    const { callee } = await connectedCall();
    const before = callee.events.length;
    callee.peer.resend();
    const again = callee.events.slice(before);
    expect(again.map(({ type }) => type)).toEqual(["peer.described", "peer.candidates"]);
    expect(again[1]).toMatchObject({ candidates: { firstIndex: 0, end: true, list: [{}, {}] } });
  });

  test("the connection is configured, and again with fresh credentials", async () => {
    const { caller } = openCall({
      platform: {
        iceServers: [{ urls: "stun:a" }],
        iceTransportPolicy: "relay",
        iceCandidatePoolSize: 2,
      },
    });
    const rest = {
      iceTransportPolicy: "relay",
      iceCandidatePoolSize: 2,
      bundlePolicy: "max-bundle",
      rtcpMuxPolicy: "require",
    };
    expect(caller.connection.configuration).toEqual({ iceServers: [{ urls: "stun:a" }], ...rest });
    caller.peer.setIceServers([{ urls: "turn:b", username: "u", credential: "c" }]);
    expect(caller.connection.configuration).toEqual({
      iceServers: [{ urls: "turn:b", username: "u", credential: "c" }],
      ...rest,
    });
  });

  test("tracks given before the connection is up are sent by both sides' lines", async () => {
    const microphone = createFakeTrack("audio");
    const { caller, callee } = await connectedCall({ platform: { tracks: { microphone } } });
    for (const { connection } of [caller, callee]) {
      await until(() => connection.getTransceivers()[0]?.sender.track === microphone, deadlineMs, "attached");
      expect(connection.getTransceivers().map(({ direction }) => direction)).toEqual([
        "sendrecv",
        "sendrecv",
      ]);
    }
  });
});
