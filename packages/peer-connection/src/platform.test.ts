import type { PeerEvent } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import type { ConnectionLike } from "./connection-like.ts";
import { createPeer } from "./create-peer.ts";
import { operationMs } from "./operations.ts";
import { stepMs } from "./serial-queue.ts";
import type { FakeConnection } from "./testing/fake/connection.ts";
import {
  callId,
  connectedCall,
  deadlineMs,
  type FakeSide,
  openCall,
  pass,
  types,
} from "./testing/fake-call.ts";
import { createFakeNetwork, createFakeTrack, createManualClock, until } from "./testing/index.ts";

const never = () => new Promise<never>(() => undefined);

/** A call whose caller's platform does this instead. */
function callOver(change: Partial<Record<keyof ConnectionLike, unknown>>) {
  const network = createFakeNetwork();
  const createConnection = (configuration: RTCConfiguration) =>
    Object.assign(network.createConnection(configuration), change);
  const clock = createManualClock();
  const events: PeerEvent[] = [];
  const options = {
    callId,
    generation: 1,
    polite: false,
    offer: true,
    iceServers: [],
    clock,
    random: () => 0,
  };
  const peer = createPeer({ ...options, createConnection }, (event) => events.push(event));
  return { peer, clock, events, connection: network.connections[0] };
}

describe("a platform", () => {
  test.each([["createOffer"], ["setLocalDescription"]] as const)(
    "whose %s never answers breaks a call that was never connected, after some seconds",
    async (method) => {
      const { clock, events, peer } = callOver({ [method]: never });
      await pass({ clock }, operationMs - 500);
      expect(events).toEqual([]);
      await pass({ clock }, 3_000);
      expect(events).toEqual([{ type: "peer.broken", reason: "negotiation-failed" }]);
      peer.close();
      expect(clock.waiting).toBe(0);
    },
  );

  test.each([["setRemoteDescription"], ["createAnswer"]] as const)(
    "whose %s never answers leaves the callee of a restart with a connection that must be built anew",
    async (method) => {
      const call = await connectedCall();
      const before = types(call.callee).length;
      Object.assign(call.callee.connection, { [method]: never });
      call.caller.peer.restartIce();
      await pass(call, operationMs + 3_000);
      expect(types(call.callee).slice(before)).toContain("peer.stuck");
      for (const { peer } of [call.caller, call.callee]) peer.close();
      expect(call.clock.waiting).toBe(0);
    },
  );

  test("whose replaceTrack never answers holds nothing up for longer than a few seconds", async () => {
    const call = await connectedCall();
    for (const { sender } of call.caller.connection.getTransceivers())
      Object.assign(sender, { replaceTrack: never });
    call.caller.peer.setTracks({ microphone: createFakeTrack("audio") });
    const before = types(call.caller).length;
    call.caller.peer.restartIce();
    await pass(call, 3 * stepMs);
    expect(types(call.caller).slice(before)).toContain("peer.described");
  });

  test("whose getStats never answers, on a connection that closes meanwhile, is waited for some seconds at most", async () => {
    const { clock, peer } = callOver({ getStats: never });
    const stats = peer.stats();
    peer.close();
    await pass({ clock }, stepMs);
    expect([await stats, clock.waiting]).toEqual([undefined, 0]);
  });

  test("whose methods throw at once breaks nothing but the call", () => {
    const thrower = () => {
      throw new TypeError("no");
    };
    const { peer } = callOver({ close: thrower, restartIce: thrower, getStats: thrower });
    expect(() => {
      peer.restartIce();
      peer.close();
    }).not.toThrow();
    expect(() => callOver({ createDataChannel: thrower, close: thrower })).toThrow(
      expect.objectContaining({ code: "no-connection", message: "no" }),
    );
  });

  test("whose events lack what they are about says nothing by them", async () => {
    const warned: unknown[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: (text: string) => void warned.push(text),
    };
    const network = createFakeNetwork();
    const call = openCall({ caller: { ...spied(network.createConnection), logger } });
    const odd = [
      undefined,
      null,
      {},
      { candidate: {} },
      { candidate: { candidate: 7 } },
      { track: null },
      { data: 7 },
    ];
    for (const event of odd) for (const listener of listeners) expect(() => listener(event)).not.toThrow();
    expect(warned.every((text) => text === "failed")).toBe(true);
    call.caller.peer.close();
  });
});

const listeners: ((event: unknown) => void)[] = [];

/** Keeps every listener that a connection gets. */
function spied(create: (configuration: RTCConfiguration) => FakeConnection) {
  return {
    createConnection(configuration: RTCConfiguration) {
      const connection = create(configuration);
      const addEventListener = (_type: string, listener: (event: never) => void) =>
        listeners.push((event) => Reflect.apply(listener, undefined, [event]));
      return Object.assign(connection, { addEventListener });
    },
  };
}

test("an application whose callbacks throw is told by the log, and the call goes on", async () => {
  const warned: string[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (text: string) => void warned.push(text),
  };
  const thrower = () => {
    throw new RangeError("mine");
  };
  const call = openCall({ callee: { onChat: thrower, onStates: thrower, onRemoteTrack: thrower, logger } });
  const isUp = ({ peer }: FakeSide) => peer.states().chat === "open";
  await until(() => isUp(call.caller) && isUp(call.callee), deadlineMs, "connected");
  call.caller.peer.sendChat("one");
  call.callee.peer.sendChat("two");
  await until(() => call.caller.chats.length === 1, deadlineMs, "the other way");
  expect([call.caller.chats[0]?.text, new Set(warned)]).toEqual(["two", new Set(["failed"])]);
});
