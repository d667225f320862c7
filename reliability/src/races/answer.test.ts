import { describe, expect, it } from "vitest";
import { findProblems } from "../simulation/invariants/index.ts";
import { leftovers } from "../simulation/invariants/leftovers.ts";
import { createWorld } from "../simulation/world.ts";
import { bothLive, either, onCommand, quick, ringing, roundTripMs } from "./scenes.ts";

const micClosesMs = 100;

describe("the caller cancels while the callee accepts", () => {
  const orders = [
    ["8", "accept", false],
    ["9", "end", false],
    ["8, 10", "accept", true],
    ["9, 10", "end", true],
  ] as const;

  it.each(orders)("%s: the %s commits first, both results lost: %s", async (_row, first, areLost) => {
    const { world, ana, ben, callId } = await ringing();
    const slow = first === "accept" ? ana : ben;
    const slowAction = first === "accept" ? "end" : "accept";
    const quickOne = first === "accept" ? ben : ana;
    const loseResult = (action: string) =>
      areLost
        ? onCommand(action, { delayMs: 0, loss: "silent" }, { kind: "response", times: 1 })
        : () => undefined;
    quickOne.line().setRule(loseResult(first));
    slow.line().setRule(either(onCommand(slowAction, { delayMs: 200 }), loseResult(slowAction)));
    // What was delayed above is sent in this order when nothing is.
    if (first === "accept") ben.accept();
    else ana.hangUp();
    await world.until(() =>
      world.history.some((moment) => moment.type === "command" && moment.action === first),
    );
    if (first === "accept") ana.hangUp();
    else ben.accept();
    await world.until(() => ana.phase() === "ended" && ben.phase() === "ended");
    const endedAt = world.clock.now();
    await world.until(() => ben.life()?.media.held() === 0);
    expect(world.clock.now() - endedAt).toBeLessThanOrEqual(micClosesMs);
    await world.advance(15_000);
    const history = world.server.current().ledger.calls.get(callId) ?? [];
    expect([history.some(({ phase }) => phase === "active"), world.record(callId)?.reason]).toEqual(
      first === "accept" ? [true, "hung-up"] : [false, "cancelled"],
    );
    expect(world.endOf(ben, callId)).toBe(first === "accept" ? "hung-up by them" : "cancelled by them");
    expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
  });
});

it("11: two endpoints accept at once: one wins, the other one hears so and closes its devices", async () => {
  const world = await createWorld({ tabs: quick("ana", "ben", "ben"), peers: "fake" });
  const { ana, ben, "ben 2": second } = world.named("ana", "ben", "ben 2");
  const callId = ana.dial("ben");
  await world.until(() => ben.phase() === "incoming" && second.phase() === "incoming");
  ben.accept();
  second.accept();
  await world.until(() => ana.phase() === "live" && [ben, second].some((tab) => tab.phase() === "ended"));
  const [winner, loser] = world.record(callId)?.accepted?.key === ben.key ? [ben, second] : [second, ben];
  await world.until(() => winner.phase() === "live");
  expect([world.endOf(loser, callId), loser.life()?.media.held()]).toEqual([
    "answered-elsewhere by server",
    0,
  ]);
  await world.advance(1_000);
  expect(world.peers.open()).toBe(2);
  expect(findProblems(world)).toEqual([]);
});

it("14: an accept that is taken back before its result is known ends the call for both", async () => {
  const { world, ana, ben, callId } = await ringing();
  ben.line().setRule(onCommand("accept", { delayMs: 100 }, { kind: "response" }));
  ben.accept();
  await world.until(() =>
    world.history.some((moment) => moment.type === "command" && moment.action === "accept"),
  );
  ben.hangUp();
  const tappedAt = world.clock.now();
  expect(ben.phase()).toBe("ended");
  await world.until(() => ana.phase() === "ended");
  expect(world.clock.now() - tappedAt).toBeLessThanOrEqual(100 + 2 * roundTripMs);
  const phases = (world.server.current().ledger.calls.get(callId) ?? []).map(({ phase }) => phase);
  expect([phases.includes("active"), phases.at(-1)]).toEqual([true, "ended"]);
  await world.advance(1_000);
  expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
});

describe("17: the caller's own ring timer", () => {
  it("17: fires while the server's end is on its way: the end changes nothing, both read no answer", async () => {
    const { world, ana, ben, callId } = await ringing();
    ana
      .line()
      .setRule(({ kind, message }) =>
        kind === "frame" && (message as { frame: { case: string } }).frame.case === "event"
          ? { delayMs: 8_000 }
          : undefined,
      );
    await world.until(() => ana.phase() === "ended", 70_000);
    await world.advance(10_000);
    expect([world.record(callId)?.reason, world.endOf(ana, callId), world.endOf(ben, callId)]).toEqual([
      "no-answer",
      "no-answer by server",
      "no-answer by server",
    ]);
    expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
  });

  it("17: fires before the server's: the end ends the ringing, both read no answer", async () => {
    const [ana, ben] = quick("ana", "ben");
    const tabs = [{ ...ana, user: "ana", timers: { ringGuardMs: -10_000 } }, ben ?? "ben"];
    const { world, callId, ...both } = await ringing({ tabs });
    await world.until(() => both.ben.phase() === "ended", 70_000);
    expect([
      world.record(callId)?.reason,
      world.endOf(both.ana, callId),
      world.endOf(both.ben, callId),
    ]).toEqual(["no-answer", "no-answer by server", "no-answer by them"]);
  });
});

it("19: accepting one call while another one rings leaves neither in silence", async () => {
  const world = await createWorld({
    tabs: [...quick("ana", "cyn"), { user: "ben", capacity: 2, mediaMs: [1, 1] }],
  });
  const { ana, ben, cyn } = world.named("ana", "ben", "cyn");
  const first = ana.dial("ben");
  await world.until(() => ana.phase() === "ringing");
  const second = cyn.dial("ben");
  await world.until(() => cyn.phase() === "ringing");
  ben.session().send(first, { type: "user.accept", kind: "audio" });
  await world.until(() => ana.phase() === "live");
  const rings = () =>
    ben
      .session()
      .view()
      .calls.some(({ callId, phase }) => callId === second && phase === "incoming");
  expect([cyn.phase(), rings()]).toEqual(["ringing", true]);
  await world.until(() => cyn.phase() === "ended" && !rings(), 70_000);
  expect([world.endOf(cyn, second), ana.phase(), rings()]).toEqual(["no-answer by server", "live", false]);
});

it("28: a refused microphone answers without it; the other devices ring until the accept is sent", async () => {
  const slow = { user: "ben", refusal: 1, mediaMs: [1_000, 1_000] } as const;
  const world = await createWorld({ tabs: [...quick("ana"), slow, ...quick("ben")] });
  const { ana, ben, "ben 2": second } = world.named("ana", "ben", "ben 2");
  const callId = ana.dial("ben");
  await world.until(() => ben.phase() === "incoming" && second.phase() === "incoming");
  ben.accept();
  await world.advance(900);
  expect(second.phase()).toBe("incoming");
  await world.until(() => bothLive({ ana, ben }));
  expect(ben.call()?.local).toEqual({ microphone: "denied", camera: "off" });
  expect(world.endOf(second, callId)).toBe("answered-elsewhere by server");
});

it("29: devices that still open when the caller cancels are given back at once", async () => {
  const { world, ana, ben, callId } = await ringing({
    tabs: [...quick("ana"), { user: "ben", mediaMs: [10_000, 10_000] }],
  });
  ben.accept("video");
  await world.advance(1_000);
  expect(ben.life()?.media.held()).toBe(1);
  ana.hangUp();
  await world.until(() => ben.phase() === "ended");
  expect([world.endOf(ben, callId), ben.life()?.media.held()]).toEqual(["cancelled by them", 0]);
  await world.advance(15_000);
  expect([...findProblems(world), ...leftovers(world)]).toEqual([]);
});
