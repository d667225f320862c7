import { createRouterTransport } from "@connectrpc/connect";
import { GoAway_Action } from "@peerline/protocol";
import { describe, expect, onTestFinished, test } from "vitest";
import type { SignalingSessionOptions } from "./options.ts";
import { drive, quiet } from "./testing/drive.ts";
import { createContractWorld, createLoopbackService, sampleActions } from "./testing/index.ts";
import { lossyTransport } from "./testing/lossy-transport.ts";
import { virtualClock } from "./testing/virtual-clock.ts";

function worldOf(overrides: Partial<SignalingSessionOptions> = {}) {
  const service = createLoopbackService();
  const world = createContractWorld(service, createRouterTransport(service.routes), overrides);
  onTestFinished(() => world.session.stop("page-gone"));
  const until = (isDone: () => boolean, stepMs = 1_000) => drive(world.clock, isDone, { stepMs });
  const inputs = () => world.inputs.all.map(({ type }) => type);
  const has = (type: string, count = 1) => inputs().filter((each) => each === type).length >= count;
  const rpcs = () => service.requests.all.map(({ rpc }) => rpc);
  const carriers = () => world.observed.all.flatMap(({ carrier }) => carrier ?? []);
  return { ...world, world, until, inputs, has, rpcs, carriers };
}

async function behindBufferingProxy() {
  const made = worldOf();
  made.service.faults.bufferStreams = true;
  made.world.live().catch(() => undefined);
  await made.until(() => made.has("caughtUp"));
  return made;
}

describe("behind a proxy that buffers streams", () => {
  test("65: a session is live after two silent streams, and everything works", async () => {
    const { world, until, rpcs, service, session, inputs } = await behindBufferingProxy();
    expect(rpcs().slice(0, 3)).toEqual(["receive", "receive", "poll"]);
    world.emit("1", "2");
    session.send(sampleActions.invite("1"));
    await until(() => world.texts().length === 2 && inputs().includes("result"));
    expect([world.texts(), service.mailbox.executed.map(({ action }) => action.case)]).toEqual([
      ["1", "2"],
      ["invite"],
    ]);
  });

  test("65: an event takes at most one round trip more than by stream", async () => {
    const roundTripMs = 200;
    const latencies = async (carrier: "stream" | "poll") => {
      const service = createLoopbackService();
      const clock = virtualClock();
      const network = { clock, random: () => 0.99, loss: 0, roundTripMs };
      const transport = lossyTransport(createRouterTransport(service.routes), network);
      const world = createContractWorld(service, transport, { carrier, clock });
      world.live().catch(() => undefined);
      await drive(clock, () => world.inputs.all.some(({ type }) => type === "caughtUp"));
      const taken: number[] = [];
      for (let index = 1; index <= 20; index++) {
        const at = clock.now();
        world.emit(String(index));
        await drive(clock, () => world.texts().length === index, { stepMs: 1 });
        taken.push(clock.now() - at);
        clock.advanceBy(index * 7);
        await quiet();
      }
      world.session.stop("page-gone");
      return Math.max(...taken);
    };
    const [streamed, polled] = [await latencies("stream"), await latencies("poll")];
    expect(polled - streamed).toBeLessThanOrEqual(roundTripMs);
  });

  test("65: streaming is tried every five minutes, and used again as soon as it works, without a gap", async () => {
    const { world, until, service, rpcs, inputs, carriers } = await behindBufferingProxy();
    const before = inputs().filter((type) => type === "interrupted").length;
    let texts = 0;
    const streams = () => rpcs().filter((rpc) => rpc === "receive").length;
    const alive = (isDone: () => boolean) =>
      until(() => {
        service.ping();
        return isDone();
      }, 10_000);
    await alive(() => streams() === 3);
    world.emit(String(++texts));
    await alive(() => world.texts().length === texts);
    service.faults.bufferStreams = false;
    await alive(() => carriers().at(-1) === "stream");
    world.emit(String(++texts));
    await alive(() => world.texts().length === texts);
    expect([world.texts(), streams(), inputs().filter((type) => type === "interrupted").length]).toEqual([
      ["1", "2"],
      4,
      before,
    ]);
  });
});

test("streams that are cut within seconds three times in a row are replaced by polls", async () => {
  const { world, until, service, has, rpcs } = worldOf();
  await world.live();
  for (let cut = 1; cut <= 3; cut++) {
    service.cut();
    await until(() => has("caughtUp", cut + 1));
  }
  expect(rpcs().slice(0, 4)).toEqual(["receive", "receive", "receive", "poll"]);
});

describe("a tab that nobody looks at", () => {
  test("66: a hidden tab leaves its stream, asks every 5 s without being held, and streams again when it is looked at", async () => {
    const { world, until, service, session, rpcs, inputs, carriers } = worldOf();
    await world.live();
    session.preferPolling(true);
    await until(() => rpcs().includes("poll"));
    const waits = () => service.requests.all.flatMap((each) => (each.rpc === "poll" ? [each.waitMs] : []));
    await quiet();
    const startAt = world.clock.now();
    const before = waits().length;
    await until(() => waits().length === before + 4);
    expect([waits().every((ms) => ms === 0), world.clock.now() - startAt]).toEqual([true, 20_000]);
    world.emit("1");
    await until(() => world.texts().length === 1);
    session.preferPolling(false);
    await until(() => carriers().at(-1) === "stream");
    world.emit("2");
    await until(() => world.texts().length === 2);
    expect([world.texts(), inputs().includes("interrupted")]).toEqual([["1", "2"], false]);
  });

  test("66: a hidden tab is held while a call is on, so that nothing waits for 5 s", async () => {
    const { world, until, service, session } = worldOf();
    session.preferPolling(true);
    await world.live();
    session.setCalls([{ callId: "ab".repeat(16), mediaAlive: true }]);
    const held = () => service.requests.all.some((each) => each.rpc === "poll" && each.waitMs === 25_000);
    await until(held);
    const at = world.clock.now();
    world.emit("1", "2");
    await world.inputs.until(() => world.texts().length === 2);
    expect(world.clock.now() - at).toBe(0);
  });
});

test("an answer that is lost brings its events again, and they are applied once", async () => {
  const { world, until, service } = worldOf({ carrier: "poll" });
  await world.live();
  world.emit("1");
  await until(() => world.texts().length === 1);
  service.faults.losePolls = 2;
  world.emit("2", "3");
  await until(() => world.texts().length === 3);
  expect(world.texts()).toEqual(["1", "2", "3"]);
});

test("a session that may only poll never opens a stream, also when the server moves", async () => {
  const { world, until, service, has, rpcs, inputs } = worldOf({ carrier: "poll" });
  await world.live();
  service.goAway(GoAway_Action.RESUME, 2_000);
  await until(() => has("hello", 2));
  world.emit("1");
  await until(() => world.texts().length === 1);
  expect([rpcs().includes("receive"), inputs().includes("interrupted")]).toEqual([false, false]);
});

test("a server that does not hold what it is asked to hold is not flooded", async () => {
  const { world, service } = worldOf({ carrier: "poll" });
  await world.live();
  for (let turn = 0; turn < 50; turn++) {
    service.ping();
    await quiet();
  }
  const polls = service.requests.all.filter(({ rpc }) => rpc === "poll").length;
  expect(polls).toBeLessThanOrEqual(8);
});

test("a call's Poll that goes on acknowledges what was applied, with no request of its own", async () => {
  const { world, until, service, rpcs } = worldOf({ carrier: "poll" });
  await world.live();
  world.emit("1");
  await until(() => service.acks.all.includes(1n));
  await until(() => world.clock.now() >= 1_010_000);
  expect(rpcs().includes("send")).toBe(false);
});

test("a row of Polls that replaces another says that an answer may be missing, the next Poll of it does not", async () => {
  const { world, until, service, session, has } = worldOf({ carrier: "poll" });
  await world.live();
  world.clock.advanceBy(2_000);
  await quiet();
  session.wake();
  await until(() => has("hello", 2));
  await quiet();
  const polls = service.requests.all.flatMap((each) => (each.rpc === "poll" ? [each] : []));
  expect(polls.map(({ request, goesOn }) => [request.attempt, goesOn])).toEqual([
    [0, false],
    [0, true],
    [1, false],
    [0, true],
  ]);
});

test("an epoch that is lost between two Polls brings the snapshot, and numbers start over", async () => {
  const { world, until, service, session, inputs } = worldOf({ carrier: "poll" });
  session.preferPolling(true);
  await world.live();
  await quiet();
  service.changeEpoch();
  await until(() => world.inputs.all.filter(({ type }) => type === "hello").length === 2);
  session.send(sampleActions.end("1"));
  await until(() => inputs().includes("result"));
  expect([inputs(), service.mailbox.executed.map(({ clientSeq }) => clientSeq)]).toEqual([
    ["hello", "caughtUp", "hello", "caughtUp", "result"],
    [1n],
  ]);
});
