import { describe, expect, it } from "vitest";
import { findProblems } from "../simulation/invariants/index.ts";
import { leftovers } from "../simulation/invariants/leftovers.ts";
import { bothLive, ringing, talking } from "./scenes.ts";

describe("kill -9 of a server that keeps everything in memory", () => {
  it("82: while people talk, the talk goes on; the next server is told of it, and hanging up works", async () => {
    const scene = await talking({ peers: "fake" });
    const { world, ana, ben, callId } = scene;
    world.server.kill();
    await world.advance(4_000);
    await world.server.start();
    await world.until(() => world.record(callId)?.phase === "active");
    await world.advance(70_000);
    expect([bothLive(scene), ana.call()?.interruptions, ben.call()?.interruptions]).toEqual([true, 0, 0]);
    expect([world.record(callId)?.caller.key, world.record(callId)?.accepted?.key]).toEqual([
      ana.key,
      ben.key,
    ]);
    ana.hangUp();
    await world.until(() => ben.phase() === "ended" && world.record(callId)?.phase === "ended");
    await world.advance(1_000);
    expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
  });

  it.each([1, 2, 3, 4, 5])(
    "83: while it rings, it rings on without a second start, and can be answered (seed %i)",
    async (seed) => {
      const scene = await ringing({ seed });
      const { world, ana, ben, callId } = scene;
      world.server.kill();
      await world.advance(2_000);
      await world.server.start();
      await world.until(() => world.record(callId)?.phase === "ringing");
      await world.until(() => ana.phase() === "ringing" && ben.phase() === "incoming");
      await world.advance(7_000);
      expect([ana.phase(), ben.phase(), world.rings(ben, callId)]).toEqual(["ringing", "incoming", 1]);
      ben.accept();
      await world.until(() => bothLive(scene));
      expect(findProblems(world)).toEqual([]);
    },
  );

  it("83: while it rings, and the caller never comes back, the ringing ends", async () => {
    const { world, ana, ben, callId } = await ringing();
    world.server.kill();
    ana.close("crash");
    await world.advance(2_000);
    await world.server.start();
    await world.until(() => ben.phase() === "ended", 15_000);
    expect(world.endOf(ben, callId)).toBe("no-answer by server");
    expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
  });
});

describe("the end comes by two ways", () => {
  it("98: by the data channel and by the server: the first is kept, the second changes nothing", async () => {
    const { world, ana, ben, callId } = await talking({ peers: "fake" });
    ana.hangUp();
    await world.until(() => ben.phase() === "ended");
    await world.advance(1_000);
    expect([
      world.phases(ben, callId).filter((phase) => phase === "ended"),
      world.endOf(ben, callId),
    ]).toEqual([["ended"], "hung-up by them"]);
    const history = world.server.current().ledger.calls.get(callId) ?? [];
    expect(history.filter(({ phase }) => phase === "ended")).toHaveLength(1);
    expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
  });

  it("99: both hang up at once: both read it, and the record names one of them", async () => {
    const { world, ana, ben, callId } = await talking({ peers: "fake" });
    ana.hangUp();
    ben.hangUp();
    await world.until(() => world.record(callId)?.phase === "ended");
    await world.advance(1_000);
    const { reason, by } = world.record(callId) ?? {};
    expect([reason, by]).toEqual(["hung-up", "caller"]);
    expect([world.endOf(ana, callId), world.endOf(ben, callId)]).toEqual(["hung-up by me", "hung-up by me"]);
    expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
  });
});
