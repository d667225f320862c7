import { AlertPolicy } from "@peerline/protocol";
import { describe, expect, it } from "vitest";
import { findProblems } from "../simulation/invariants/index.ts";
import { createWorld } from "../simulation/world.ts";
import { bothLive, onCommand, quick, ringing, roundTripMs } from "./scenes.ts";

describe("both call at once", () => {
  it("1: one call lives, the other one's caller takes it at once, and nothing rings", async () => {
    const world = await createWorld({ tabs: quick("ana", "ben") });
    const { ana, ben } = world.named("ana", "ben");
    const calls = [ana.dial("ben"), ben.dial("ana")];
    await world.until(() => bothLive({ ana, ben }));
    const winner = ana.call()?.callId ?? "";
    const loser = calls.find((callId) => callId !== winner) ?? "";
    const losing = winner === calls[0] ? ben : ana;
    expect([ben.call()?.callId, world.record(winner)?.phase, world.record(loser)?.phase]).toEqual([
      winner,
      "active",
      undefined,
    ]);
    expect(world.endOf(losing, loser)).toBe("glare by server");
    expect([world.rings(ana), world.rings(ben)]).toEqual([0, 0]);
    expect(findProblems(world)).toEqual([]);
  });

  it("2: a caller whose microphone still opens never sends its invitation, and takes the other call", async () => {
    const world = await createWorld({ tabs: [...quick("ana"), { user: "ben", mediaMs: [2_000, 2_000] }] });
    const { ana, ben } = world.named("ana", "ben");
    const callId = ana.dial("ben");
    ben.dial("ana");
    await world.until(() => bothLive({ ana, ben }));
    const sent = world.history.filter((moment) => moment.type === "command" && moment.tab === "ben");
    expect(sent.map((moment) => moment.type === "command" && moment.action)).not.toContain("invite");
    expect([ana.call()?.callId, ben.call()?.callId, world.rings(ben)]).toEqual([callId, callId, 0]);
  });

  it.each([
    ["video", "audio"],
    ["audio", "video"],
  ] as const)(
    "3: %s first against %s: each sends what it asked for at most, the smaller set decides for the loser",
    async (first, second) => {
      const world = await createWorld({ tabs: quick("ana", "ben") });
      const { ana, ben } = world.named("ana", "ben");
      ben.line().setRule(onCommand("invite", { delayMs: 30 }));
      const callId = ana.dial("ben", first);
      ben.dial("ana", second);
      await world.until(() => bothLive({ ana, ben }));
      expect([ana.call()?.callId, ben.call()?.callId]).toEqual([callId, callId]);
      expect([ana.call()?.local, ben.call()?.local]).toEqual([
        { microphone: "on", camera: first === "video" ? "on" : "off" },
        { microphone: "on", camera: "off" },
      ]);
    },
  );

  it("4: an endpoint that only places calls does not take the crossing one; the user's others ring", async () => {
    const world = await createWorld({
      tabs: [
        ...quick("ana"),
        { user: "ben", alertPolicy: AlertPolicy.NEVER, mediaMs: [1, 1] },
        ...quick("ben"),
      ],
    });
    const { ana, ben, "ben 2": second } = world.named("ana", "ben", "ben 2");
    ben.line().setRule(onCommand("invite", { delayMs: 30 }));
    const callId = ana.dial("ben");
    const own = ben.dial("ana");
    await world.until(() => ana.phase() === "ringing" && ben.phase() === "ended");
    expect(["busy by server", "glare by server"]).toContain(world.endOf(ben, own));
    expect([second.phase(), second.call()?.callId, world.phases(ben, callId)]).toEqual([
      "incoming",
      callId,
      [],
    ]);
  });
});

describe("an invitation", () => {
  it("5: whose answer was lost is sent again, and rings once", async () => {
    const world = await createWorld({ tabs: quick("ana", "ben") });
    const { ana, ben } = world.named("ana", "ben");
    ana.line().setRule(onCommand("invite", { delayMs: 0, loss: "silent" }, { kind: "response", times: 1 }));
    const callId = ana.dial("ben");
    await world.until(() => world.totals.lostResponses === 1);
    await world.until(() =>
      world.history.some((moment) => moment.type === "result" && moment.action === "invite"),
    );
    expect([ana.phase(), ben.phase(), world.rings(ben, callId)]).toEqual(["ringing", "incoming", 1]);
    expect([...world.server.current().ledger.calls.keys()]).toEqual([callId]);
    expect(findProblems(world)).toEqual([]);
  });

  it("22: rings in a tab that opens while it rings, and only for the time that is left", async () => {
    const { world, ana, ben, callId } = await ringing();
    await world.advance(30_000);
    const second = world.open("ben");
    await world.until(() => second.phase() === "incoming");
    await world.until(() => ana.phase() === "ended", 31_000);
    await world.advance(roundTripMs);
    expect([world.endOf(ana, callId), world.endOf(ben, callId), world.endOf(second, callId)]).toEqual([
      "no-answer by server",
      "no-answer by server",
      "no-answer by server",
    ]);
    expect(world.rings(second)).toBe(1);
  });

  it("23: rings on when the callee's link drops and resumes, without a second ring", async () => {
    const { world, ana, ben, callId } = await ringing();
    ben.line().pause();
    ben.line().cut();
    await world.advance(3_000);
    expect(ben.phase()).toBe("incoming");
    ben.line().resume();
    await world.until(() => ben.session().view().link === "online");
    expect([ben.phase(), world.rings(ben, callId)]).toEqual(["incoming", 1]);
    ben.accept();
    await world.until(() => bothLive({ ana, ben }));
    expect(findProblems(world)).toEqual([]);
  });

  it("24: that ended while the callee was away never rings", async () => {
    const world = await createWorld({ tabs: quick("ana", "ben") });
    const { ana, ben } = world.named("ana", "ben");
    ben.line().pause();
    ben.line().cut();
    const callId = ana.dial("ben");
    await world.until(() => world.record(callId)?.phase === "ringing");
    ana.hangUp();
    await world.until(() => world.record(callId)?.phase === "ended");
    ben.line().resume();
    await world.until(() => world.endOf(ben, callId) !== undefined);
    expect([world.endOf(ben, callId), world.rings(ben)]).toEqual(["cancelled by them", 0]);
  });

  it("25: goes on ringing for a callee whose mailbox was lost", async () => {
    const { world, ana, ben, callId } = await ringing({ server: { timers: { mailboxKeptMs: 2_000 } } });
    ben.line().pause();
    ben.line().cut();
    await world.advance(40_000);
    ben.line().resume();
    await world.until(() => ben.session().view().link === "online");
    const hello = world.history.findLast((moment) => moment.type === "hello" && moment.tab === "ben");
    expect([hello?.type === "hello" && hello.resumed, ben.phase(), world.rings(ben, callId)]).toEqual([
      false,
      "incoming",
      1,
    ]);
    ben.accept();
    await world.until(() => bothLive({ ana, ben }));
  });

  it.each(["crash", "vanish", "page-gone"] as const)(
    "27: a caller whose tab is gone (%s) stops the ringing after the detach grace",
    async (how) => {
      const { world, ana, ben, callId } = await ringing();
      const goneAt = world.clock.now();
      ana.close(how);
      await world.until(() => ben.phase() === "ended");
      const noticedMs = how === "vanish" ? 30_000 : 0;
      const tookMs = world.clock.now() - goneAt;
      expect(tookMs).toBeGreaterThan(15_000);
      expect(tookMs).toBeLessThan(20_000 + noticedMs + 1_000);
      expect([world.record(callId)?.reason, world.endOf(ben, callId)]).toEqual([
        "cancelled",
        "cancelled by them",
      ]);
    },
  );

  it("34: an alert that comes after the accept changes nothing", async () => {
    const world = await createWorld({ tabs: quick("ana", "ben", "ben") });
    const { ana, ben, "ben 2": second } = world.named("ana", "ben", "ben 2");
    second.line().setRule(onCommand("alerting", { delayMs: 2_000 }));
    const callId = ana.dial("ben");
    await world.until(() => ben.phase() === "incoming");
    ben.accept();
    await world.until(() => bothLive({ ana, ben }));
    const { rev } = world.record(callId) ?? {};
    await world.advance(3_000);
    expect([world.record(callId)?.rev, ana.phase(), world.endOf(second, callId)]).toEqual([
      rev,
      "live",
      "answered-elsewhere by server",
    ]);
    expect(world.phases(ana, callId).filter((phase) => phase === "ringing")).toHaveLength(1);
  });
});
