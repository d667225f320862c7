import { describe, expect, it } from "vitest";
import { findProblems } from "../simulation/invariants/index.ts";
import { bothLive, commandsOf, roundTripMs, type Scene, talking } from "./scenes.ts";

const fake = { peers: "fake" } as const;

function media({ world }: Scene) {
  const { network } = world.peers;
  if (!network) throw new Error("this needs fake peers");
  return network;
}

describe("57: the network changes in a call", () => {
  it("57: the link is back at the first try, and the first request after its hello asks for the ICE restart", async () => {
    const scene = await talking(fake);
    const { world, ana } = scene;
    const afterHello: (readonly string[])[] = [];
    await world.advance(1_000);
    ana.line().setRule(({ kind, rpc, message }) => {
      const commands = kind === "request" && rpc === "send" ? commandsOf(message) : [];
      if (commands.length > 0) afterHello.push(commands);
      return undefined;
    });
    ana.line().pause();
    ana.line().cut();
    media(scene).fail();
    await world.advance(800);
    ana.line().resume();
    media(scene).restore();
    const backAt = world.clock.now();
    ana.session().networkChanged();
    await world.until(() => ana.session().view().link === "online");
    expect(world.clock.now() - backAt).toBeLessThanOrEqual(roundTripMs);
    await world.until(() => bothLive(scene));
    expect(world.clock.now() - backAt).toBeLessThanOrEqual(1_000);
    expect(afterHello[0]).toContain("description");
    expect([ana.call()?.interruptions, findProblems(world)]).toEqual([1, []]);
  });
});

describe("58: only signaling is gone", () => {
  it("58: the talk goes on, the link shows it after 15 s, and hanging up still reaches the other side", async () => {
    const scene = await talking(fake);
    const { world, ana, ben, callId } = scene;
    ana.line().pause();
    await world.advance(9_000);
    expect(ana.session().view().link).toBe("online");
    await world.until(() => ana.session().view().link === "interrupted", 7_000);
    await world.advance(20_000);
    expect([ana.phase(), ben.phase(), ana.call()?.interruptions]).toEqual(["live", "live", 0]);
    ana.hangUp();
    const tappedAt = world.clock.now();
    await world.until(() => ben.phase() === "ended");
    expect(world.clock.now() - tappedAt).toBeLessThanOrEqual(100);
    expect([world.endOf(ana, callId), world.endOf(ben, callId)]).toEqual([
      "hung-up by me",
      "hung-up by them",
    ]);
    await world.until(() => world.record(callId)?.phase === "ended");
    expect(world.record(callId)?.reason).toBe("hung-up");
  });
});

describe("59: only media is gone", () => {
  it("59: ICE restarts over the live link, and the call goes on", async () => {
    const scene = await talking(fake);
    const { world, ana, ben } = scene;
    const hellos = () => world.history.filter(({ type }) => type === "hello").length;
    const before = hellos();
    media(scene).fail();
    await world.until(() => ana.phase() === "reconnecting" || ben.phase() === "reconnecting");
    media(scene).restore();
    await world.until(() => bothLive(scene));
    expect([hellos(), ana.session().view().link, findProblems(world)]).toEqual([before, "online", []]);
  });
});

describe("60: the other process is killed", () => {
  it("60: its link is known to be gone after 20 s, and the call ends after 30 s", async () => {
    const scene = await talking();
    const { world, ana, ben, callId } = scene;
    const killedAt = world.clock.now();
    const since = () => world.clock.now() - killedAt;
    ben.close("crash");
    await world.until(() => ana.phase() === "reconnecting");
    await world.until(() => ana.call()?.remoteReachable === false);
    expect(since()).toBeGreaterThanOrEqual(15_000);
    expect(since()).toBeLessThanOrEqual(21_000);
    await world.until(() => ana.phase() === "ended");
    expect(since()).toBeGreaterThanOrEqual(29_000);
    expect(since()).toBeLessThanOrEqual(33_000);
    expect(world.endOf(ana, callId)).toMatch(/^(media|peer)-lost by /);
    await world.until(() => world.record(callId)?.phase === "ended");
  });
});

describe("61: the other side's link is gone, and its media is fine", () => {
  it("61: the call goes on without limit", async () => {
    const scene = await talking(fake);
    const { world, ben, callId } = scene;
    ben.line().pause();
    await world.advance(10 * 60_000);
    expect([bothLive(scene), world.record(callId)?.phase]).toEqual([true, "active"]);
    ben.line().resume();
    await world.until(() => ben.session().view().link === "online");
    await world.advance(5_000);
    expect([bothLive(scene), world.record(callId)?.phase, findProblems(world)]).toEqual([true, "active", []]);
  });
});
