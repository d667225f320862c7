import { expect, it } from "vitest";
import { findProblems } from "../simulation/invariants/index.ts";
import { leftovers } from "../simulation/invariants/leftovers.ts";
import { createWorld } from "../simulation/world.ts";
import { bothLive, quick, roundTripMs, talking } from "./scenes.ts";

it("71: a tab that slept for 5 minutes while someone called does not ring when it wakes, and shows the missed call", async () => {
  const world = await createWorld({ tabs: quick("ana", "ben") });
  const { ana, ben } = world.named("ana", "ben");
  ben.freeze();
  const callId = ana.dial("ben");
  await world.until(() => ana.phase() === "ended", 70_000);
  const endedAt = world.clock.now();
  await world.advance(5 * 60_000);
  ben.thaw();
  await world.until(() => ben.session().view().link === "online");
  await world.advance(5_000);
  expect([world.rings(ben), ben.session().view().calls]).toEqual([0, []]);
  expect(["no-answer by server", "unreachable by server"]).toContain(world.endOf(ana, callId));
  const [missed, ...others] = ben.session().view().recent;
  expect([missed?.callId, missed?.remote.user, missed?.missed, missed?.seen, others]).toEqual([
    callId,
    "ana",
    true,
    false,
    [],
  ]);
  expect(Math.abs((missed?.end.at ?? 0) - endedAt)).toBeLessThanOrEqual(roundTripMs);
  expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
});

it("72: a phone that slept for 10 s in a call is in it again", async () => {
  const scene = await talking({ peers: "fake" });
  const { world, ben } = scene;
  ben.freeze();
  world.peers.network?.interrupt();
  await world.advance(10_000);
  world.peers.network?.restore();
  ben.thaw();
  await world.until(() => bothLive(scene));
  await world.advance(30_000);
  expect([bothLive(scene), findProblems(world)]).toEqual([true, []]);
});

it("73: a phone that slept for 5 minutes finds the call over, and does not go back into it", async () => {
  const { world, ana, ben, callId } = await talking();
  ben.freeze();
  world.peers.interrupt(callId);
  await world.until(() => ana.phase() === "ended", 90_000);
  await world.advance(4 * 60_000);
  ben.thaw();
  const wokenAt = world.clock.now();
  await world.until(() => ben.phase() === "ended");
  expect(world.clock.now() - wokenAt).toBeLessThanOrEqual(1_000);
  const afterSleep = world.history.filter((moment) => moment.tab === "ben" && moment.at >= wokenAt);
  expect(afterSleep.filter((moment) => moment.type === "phase" && moment.phase === "live")).toEqual([]);
  expect(world.endOf(ana, callId)).toMatch(/^(media|peer)-lost by /);
  expect(world.endOf(ben, callId)).toMatch(/^(media|peer)-lost by /);
  await world.advance(10_000);
  expect([ben.phase(), ...findProblems(world), ...leftovers(world)]).toEqual(["ended"]);
});

it("79: signing out, in the tab of the call or in another one, ends the call for the other side at once", async () => {
  const world = await createWorld({ tabs: quick("ana", "ben", "ben") });
  const { ana, ben, "ben 2": second } = world.named("ana", "ben", "ben 2");
  const callId = ana.dial("ben");
  await world.until(() => ben.phase() === "incoming");
  ben.accept();
  await world.until(() => bothLive({ ana, ben }));
  const signedOutAt = world.clock.now();
  // The tabs of one sign-in tell one another, on a channel of the platform.
  second.close("sign-out");
  ben.close("sign-out");
  await world.until(() => ana.phase() === "ended" && world.record(callId)?.phase === "ended");
  expect(world.clock.now() - signedOutAt).toBeLessThanOrEqual(roundTripMs + 100);
  expect([world.endOf(ana, callId), world.record(callId)?.reason]).toEqual(["hung-up by them", "hung-up"]);
  await world.advance(1_000);
  expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
  const redial = ana.dial("ben");
  await world.until(() => ana.phase() === "ended");
  expect(world.endOf(ana, redial)).toBe("unreachable by server");
});
