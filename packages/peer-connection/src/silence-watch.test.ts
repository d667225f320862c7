import { describe, expect, test } from "vitest";
import { stepMs } from "./serial-queue.ts";
import {
  connectedCall,
  deadlineMs,
  type FakeCallOptions,
  type FakeSide,
  pass,
  types,
} from "./testing/fake-call.ts";
import { createFakeTrack, type ManualClock, until } from "./testing/index.ts";

/** Both send sound, and consent answers come too seldom to tell anything. */
async function talking(options: FakeCallOptions = {}) {
  const platform = { tracks: { microphone: createFakeTrack("audio") } };
  const call = await connectedCall({ network: { consentAnswers: false }, platform, ...options });
  const sends = ({ connection }: FakeSide) => connection.getTransceivers()[0]?.sender.track !== null;
  await until(() => sends(call.caller) && sends(call.callee), deadlineMs, "sound is sent");
  await pass(call, 1_000);
  return { ...call, events: [call.caller, call.callee].map(afterwards) };
}

/** What a side reports from here on. */
function afterwards(side: FakeSide) {
  const before = side.events.length;
  return () => types(side).slice(before);
}

const isHealth = (type: string) => type === "peer.connected" || type === "peer.interrupted";

/** The statistics, with the time that a platform has for them. */
function statsOf({ peer }: FakeSide, clock: ManualClock) {
  const stats = peer.stats();
  return pass({ clock }, stepMs).then(() => stats);
}

describe("a connection that the platform calls connected", () => {
  test("is reported as interrupted when nothing came for a second, and as connected when things come again", async () => {
    const { network, clock, caller, callee, events } = await talking();
    network.swallow();
    await pass({ clock }, 750);
    expect(events.map((of) => of())).toEqual([[], []]);
    await pass({ clock }, 250);
    expect(events.map((of) => of())).toEqual([["peer.interrupted"], ["peer.interrupted"]]);
    expect([caller, callee].map(({ peer }) => peer.states().connection)).toEqual(["connected", "connected"]);
    await pass({ clock }, 4_000);
    network.restore();
    await pass({ clock }, 250);
    const told = ["peer.interrupted", "peer.connected"];
    expect(events.map((of) => of())).toEqual([told, told]);
    expect(caller.events.at(-1)).toEqual({ type: "peer.connected", at: clock.now() });
  });

  test("stays connected when the peer only stops its media: its stack answers", async () => {
    const { clock, caller, callee, events } = await talking();
    caller.peer.setTracks({});
    callee.peer.setTracks({});
    await pass({ clock }, 20_000);
    expect(events.map((of) => of())).toEqual([[], []]);
    expect(caller.chats).toEqual([]);
  });

  test("of a call without media is reported after 5 s", async () => {
    const call = await connectedCall();
    await pass(call, 1_000);
    const told = afterwards(call.caller);
    call.network.swallow();
    await pass(call, 4_750);
    expect(told()).toEqual([]);
    await pass(call, 250);
    expect(told()).toEqual(["peer.interrupted"]);
  });

  test("is reported once, also when the platform notices later", async () => {
    const { network, clock, events } = await talking();
    network.swallow();
    await pass({ clock }, 1_250);
    network.interrupt();
    await pass({ clock }, 1_000);
    expect(events.map((of) => of())).toEqual([["peer.interrupted"], ["peer.interrupted"]]);
    network.restore();
    await pass({ clock }, 500);
    const told = ["peer.interrupted", "peer.connected"];
    expect(events.map((of) => of())).toEqual([told, told]);
  });

  test("is not reported as connected again by an ICE restart over which nothing comes", async () => {
    const { network, clock, caller, events } = await talking();
    network.swallow();
    await pass({ clock }, 1_250);
    caller.peer.restartIce();
    await pass({ clock }, 5_000);
    const without = (of: () => readonly string[]) => of().filter(isHealth);
    expect(events.map(without)).toEqual([["peer.interrupted"], ["peer.interrupted"]]);
    expect(caller.peer.states()).toMatchObject({ connection: "connected", signaling: "stable" });
    network.restore();
    await pass({ clock }, 1_000);
    const told = ["peer.interrupted", "peer.connected"];
    expect(events.map(without)).toEqual([told, told]);
  });

  test("is reported as interrupted 5 s after an ICE restart over a path that swallows everything", async () => {
    const { network, clock, caller, events } = await talking();
    network.swallow();
    caller.peer.restartIce();
    await pass({ clock }, 4_750);
    expect(events.map((of) => of().filter(isHealth))).toEqual([[], ["peer.interrupted"]]);
    await pass({ clock }, 250);
    expect(events.map((of) => of().filter(isHealth))).toEqual([["peer.interrupted"], ["peer.interrupted"]]);
    expect(caller.peer.states().connection).toBe("connected");
    network.restore();
    await pass({ clock }, 1_000);
    const told = ["peer.interrupted", "peer.connected"];
    expect(events.map((of) => of().filter(isHealth))).toEqual([told, told]);
  });

  test("is reported as interrupted when both restart ICE at once and nothing comes", async () => {
    const { network, clock, caller, callee, events } = await talking();
    network.swallow();
    caller.peer.restartIce();
    callee.peer.restartIce();
    await pass({ clock }, 5_000);
    expect(events.map((of) => of().filter(isHealth))).toEqual([["peer.interrupted"], ["peer.interrupted"]]);
  });

  test("is reported as interrupted when the offer of the restart is never answered", async () => {
    const { network, clock, caller, events } = await talking();
    caller.onTheWay = () => undefined;
    network.swallow();
    caller.peer.restartIce();
    await pass({ clock }, 5_000);
    expect(events[0]?.().filter(isHealth)).toEqual(["peer.interrupted"]);
  });

  test.each([
    ["without media", {}],
    ["on hold", { hold: true }],
  ])(
    "is reported as interrupted after a restart of a call %s",
    async (_what, { hold = false }: { hold?: boolean }) => {
      const call = await connectedCall({
        platform: hold ? { tracks: { microphone: createFakeTrack("audio") } } : {},
      });
      if (hold) for (const { peer } of [call.caller, call.callee]) peer.setSending(false);
      await pass(call, 3_000);
      const told = afterwards(call.caller);
      call.network.swallow();
      call.caller.peer.restartIce();
      await pass(call, 5_250);
      expect(told().filter(isHealth)).toEqual(["peer.interrupted"]);
      call.network.restore();
      await pass(call, 8_000);
      expect(told().filter(isHealth)).toEqual(["peer.interrupted", "peer.connected"]);
    },
  );

  test.each([
    ["never settles", () => new Promise<never>(() => undefined)],
    ["rejects", () => Promise.reject(undefined)],
    [
      "throws",
      () => {
        throw new TypeError("no statistics");
      },
    ],
    ["gives nothing", () => Promise.resolve(undefined)],
    ["gives a report that cannot be read", async () => ({ values: () => undefined })],
    [
      "counts no numbers",
      async () => new Map([["t", { id: "t", type: "transport", packetsReceived: Number.NaN }]]),
    ],
  ])("is reported as interrupted when its getStats %s from now on", async (_what, getStats) => {
    const { network, clock, caller, events } = await talking();
    Object.assign(caller.connection, { getStats });
    network.swallow();
    await pass({ clock }, 2_000);
    expect(events[0]?.()).toEqual(["peer.interrupted"]);
    await expect(statsOf(caller, clock)).resolves.toSatisfy((stats) => stats === undefined || !stats.alive);
  });

  test("is judged again once a getStats that hung answers", async () => {
    const { clock, caller, events } = await talking();
    const { getStats } = caller.connection;
    Object.assign(caller.connection, { getStats: () => new Promise<never>(() => undefined) });
    await pass({ clock }, 2_000);
    Object.assign(caller.connection, { getStats });
    await pass({ clock }, 6_000);
    expect(events[0]?.()).toEqual(["peer.interrupted", "peer.connected"]);
  });

  test("is reported as connected again after an ICE restart that nothing but a hint led to", async () => {
    const { clock, caller } = await talking();
    const told = afterwards(caller);
    caller.peer.restartIce();
    await pass({ clock }, 1_500);
    expect(told().filter((type) => type.startsWith("peer.c") || type === "peer.interrupted")).toEqual([
      "peer.candidates",
      "peer.connected",
    ]);
  });

  test("leaves no timer when it is closed while it is silent", async () => {
    const { network, clock, caller, callee } = await talking();
    network.swallow();
    await pass({ clock }, 1_250);
    caller.peer.close();
    callee.peer.close();
    expect(clock.waiting).toBe(0);
  });
});

test("62: a side that hears nothing restarts ICE by its own evidence, while the side that hears is not told of an end", async () => {
  const { network, clock, caller, callee, events } = await talking();
  const [told, toldOther] = events;
  network.swallow([callee.connection]);
  await pass({ clock }, 1_000);
  expect([told?.(), toldOther?.()]).toEqual([[], ["peer.interrupted"]]);
  callee.peer.restartIce();
  network.restore();
  await pass({ clock }, 1_500);
  expect(toldOther?.().at(-1)).toBe("peer.connected");
  const failures = [caller, callee].flatMap(types).filter((type) => /failed|broken|stuck/.test(type));
  expect(failures).toEqual([]);
});
