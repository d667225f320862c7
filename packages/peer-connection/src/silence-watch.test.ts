import { describe, expect, test } from "vitest";
import {
  connectedCall,
  deadlineMs,
  type FakeCallOptions,
  type FakeSide,
  pass,
  types,
} from "./testing/fake-call.ts";
import { createFakeTrack, until } from "./testing/index.ts";

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
    const without = (of: () => readonly string[]) =>
      of().filter((type) => type === "peer.connected" || type === "peer.interrupted");
    expect(events.map(without)).toEqual([["peer.interrupted"], ["peer.interrupted"]]);
    expect(caller.peer.states()).toMatchObject({ connection: "connected", signaling: "stable" });
    network.restore();
    await pass({ clock }, 1_000);
    const told = ["peer.interrupted", "peer.connected"];
    expect(events.map(without)).toEqual([told, told]);
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
