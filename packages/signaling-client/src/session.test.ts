import { create } from "@bufbuild/protobuf";
import { Code, createRouterTransport, type Transport } from "@connectrpc/connect";
import type { SignalingInput } from "@peerline/call-machine";
import { EventSchema, GoAway_Action, GoAwaySchema, HelloSchema, NoticeSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import type { SignalingSessionOptions } from "./options.ts";
import { createSignalingSession } from "./session.ts";
import { SignalingError } from "./signaling-error.ts";
import { quiet } from "./testing/drive.ts";
import { createContractWorld, createLoopbackService, sampleActions, virtualClock } from "./testing/index.ts";

function worldWith(overrides: Partial<SignalingSessionOptions> = {}) {
  const service = createLoopbackService();
  return createContractWorld(service, createRouterTransport(service.routes), overrides);
}

test("an endpoint id of another length is refused with the fix", () => {
  const service = createLoopbackService();
  const options = {
    transport: createRouterTransport(service.routes),
    endpointId: new Uint8Array(4),
    getToken: async () => ({ token: "a" }),
    client: { product: "test" },
    clock: worldWith().clock,
    random: () => 0,
  };
  expect(() => createSignalingSession(options)).toThrow(
    new SignalingError("invalid-options", "endpointId has 4 bytes; pass 16 random ones."),
  );
});

test("inputs are never re-entrant: what a receiver causes comes after it returns", async () => {
  const service = createLoopbackService();
  const world = createContractWorld(service, createRouterTransport(service.routes));
  const order: string[] = [];
  world.session.start((input: SignalingInput) => {
    order.push(`begin ${input.type}`);
    if (input.type === "hello")
      for (let n = 0; n < 600; n++) world.session.send(sampleActions.relay("1", n.toString(16)));
    order.push(`end ${input.type}`);
    world.inputs.push(input);
  });
  await world.inputs.first((input) => input.type === "result");
  expect(order.slice(0, 6)).toEqual([
    "begin hello",
    "end hello",
    "begin caughtUp",
    "end caughtUp",
    "begin result",
    "end result",
  ]);
});

test("a session goes on although its logger, its observer and its random numbers are broken", async () => {
  const broken = (): never => {
    throw new TypeError("broken");
  };
  const logger = { debug: broken, info: broken, warn: broken };
  const world = worldWith({ logger, observe: broken, random: () => Number.NaN });
  await world.live();
  world.session.send(sampleActions.relay("1", "5"));
  await world.inputs.first((input) => input.type === "result");
  world.session.stop("sign-out");
});

test("a receiver that throws misses nothing of what follows, though its logger throws too", async () => {
  const broken = (): never => {
    throw new TypeError("broken");
  };
  const world = worldWith({ logger: { debug: broken, info: broken, warn: broken } });
  world.session.start((input) => {
    world.inputs.push(input);
    broken();
  });
  await world.inputs.first(({ type }) => type === "caughtUp");
  world.session.send(sampleActions.relay("1", "5"));
  await world.inputs.first(({ type }) => type === "result");
});

test.each([
  ["slept", 3_600_000, 2],
  ["was set back", -3_600_000, 1],
  ["was corrected", 14_999, 1],
])(
  "a platform that %s while its clock stood still has its stream looked after, unheard",
  async (_, ms, streams) => {
    let ahead = 0;
    const clock = virtualClock();
    const world = worldWith({ clock: { ...clock, wall: () => clock.now() + ahead } });
    await world.live();
    ahead = ms;
    world.emit("an event, which is acknowledged after five seconds");
    await quiet();
    clock.advanceBy(5_000);
    await quiet();
    expect([
      world.service.requests.all.filter(({ rpc }) => rpc === "receive").length,
      world.inputs.all.filter(({ type }) => type === "interrupted"),
    ]).toEqual([streams, []]);
  },
);

test("57: a request that waits on a dead connection is sent again at once on a wake, and executed once", async () => {
  const world = worldWith();
  await world.live();
  const { promise, resolve } = Promise.withResolvers<void>();
  world.service.faults.holdSends = promise;
  world.session.send(sampleActions.relay("1", "5"));
  await world.service.requests.first(({ rpc }) => rpc === "send");
  world.service.faults.holdSends = undefined;
  world.clock.advanceBy(1_500);
  world.session.wake();
  await world.inputs.first((input) => input.type === "result");
  resolve();
  const sends = world.service.requests.all.filter(({ rpc }) => rpc === "send");
  expect([sends.length, world.service.executions.all]).toEqual([2, [1]]);
});

test("a stream has one hello: a copy of it, which knows nothing of what came since, changes nothing", async () => {
  const world = worldWith();
  await world.live();
  const { epoch } = world.service.mailbox;
  world.service.frame({ case: "hello", value: create(HelloSchema, { epoch, snapshot: {}, topOffset: 0n }) });
  world.emit("next");
  await world.inputs.first((input) => input.type === "event");
  expect(world.inputs.all.map(({ type }) => type)).toEqual(["hello", "caughtUp", "event"]);
});

test("nothing is delivered after the stop", async () => {
  const world = worldWith();
  await world.live();
  world.session.stop("page-gone");
  const before = world.inputs.all.length;
  world.emit("late");
  await world.service.requests.first((request) => request.rpc === "detach");
  world.session.send(sampleActions.end("1"));
  expect([world.inputs.all.length, world.clock.nextTimerAt()]).toEqual([before, Number.POSITIVE_INFINITY]);
});

test("a receiver that throws loses nothing that follows", async () => {
  const service = createLoopbackService();
  const warnings: string[] = [];
  const world = createContractWorld(service, createRouterTransport(service.routes), {
    logger: { debug: () => undefined, info: () => undefined, warn: (message) => warnings.push(message) },
  });
  world.session.start((input) => {
    world.inputs.push(input);
    if (input.type === "hello") throw new RangeError("bug");
  });
  await world.inputs.first((input) => input.type === "caughtUp");
  expect(warnings).toEqual(["a receiver of signaling threw"]);
});

test("every message is observed with its length, its call and the round trip of its result", async () => {
  const world = worldWith();
  await world.live();
  world.session.send(sampleActions.invite("ab"));
  await world.inputs.first((input) => input.type === "result");
  world.service.emit({ case: "notice", value: create(NoticeSchema, { text: "hi" }) });
  await world.observed.first(({ type }) => type === "notice");
  const at = world.clock.now();
  const callId = "ab".padStart(32, "0");
  expect(world.observed.all.map(({ bytes, ...rest }) => ({ ...rest, measured: bytes > 0 }))).toEqual([
    { direction: "received", type: "hello", at, carrier: "stream", measured: true },
    { direction: "sent", type: "invite", at, callId, measured: true },
    { direction: "received", type: "result", at, callId, roundTripMs: 0, measured: true },
    { direction: "received", type: "notice", at, carrier: "stream", measured: true },
  ]);
});

test("74: a laptop that slept for an hour is live again at the wake, with one new stream", async () => {
  const world = worldWith();
  await world.live();
  world.clock.setTo(world.clock.now() + 3_600_000);
  world.session.wake();
  await world.inputs.until((all) => all.filter(({ type }) => type === "hello").length === 2);
  expect(world.inputs.all.map(({ type }) => type)).toEqual([
    "hello",
    "caughtUp",
    "interrupted",
    "hello",
    "caughtUp",
  ]);
});

test("what waits after a failure goes out before the page is gone", async () => {
  const world = worldWith();
  await world.live();
  world.service.faults.refuseSend.push({ code: Code.Unavailable });
  world.session.send(sampleActions.end("1"));
  await world.service.requests.until((all) => all.some(({ rpc }) => rpc === "send"));
  await new Promise((resolve) => setImmediate(resolve));
  world.session.stop("page-gone");
  await world.service.executions.until((all) => all.length === 1);
  expect(world.service.mailbox.executed.map(({ action }) => action.case)).toEqual(["end"]);
});

/** A transport whose calls cannot be taken back: what was abandoned goes on arriving. */
function stubborn(inner: Transport): Transport {
  return {
    unary: (method, _signal, ...rest) => inner.unary(method, undefined, ...rest),
    stream: (method, _signal, ...rest) => inner.stream(method, undefined, ...rest),
  };
}

test("63: an old stream that goes on delivering has no effect", async () => {
  const service = createLoopbackService();
  const world = createContractWorld(service, stubborn(createRouterTransport(service.routes)));
  await world.live();
  const old = service.mailbox.outlet;
  service.mailbox.outlet = undefined;
  world.clock.setTo(world.clock.now() + 3_600_000);
  world.session.wake();
  await world.inputs.until((all) => all.filter(({ type }) => type === "hello").length === 2);
  const ghost = create(EventSchema, {
    offset: 1n,
    body: { case: "notice", value: create(NoticeSchema, { text: "ghost" }) },
  });
  old?.frame({ case: "event", value: ghost });
  old?.frame({ case: "goAway", value: create(GoAwaySchema, { action: GoAway_Action.STOP }) });
  old?.end();
  await new Promise((resolve) => setImmediate(resolve));
  world.emit("1");
  await world.inputs.until(() => world.texts().length === 1);
  expect([world.texts(), world.inputs.all.some(({ type }) => type === "stopped")]).toEqual([["1"], false]);
});

test("an answer to a request of the old epoch has no effect", async () => {
  const service = createLoopbackService();
  const world = createContractWorld(service, stubborn(createRouterTransport(service.routes)));
  await world.live();
  world.skipWaits();
  const { promise, resolve } = Promise.withResolvers<void>();
  service.faults.holdSends = promise;
  world.session.send(sampleActions.relay("1", "5"));
  await service.requests.first(({ rpc }) => rpc === "send");
  service.faults.holdSends = undefined;
  service.changeEpoch();
  await world.inputs.until((all) => all.filter(({ type }) => type === "hello").length === 2);
  resolve();
  await new Promise((done) => setImmediate(done));
  world.session.send(sampleActions.end("1"));
  await world.inputs.first(({ type }) => type === "result");
  expect([
    service.requests.all.map(({ rpc }) => rpc),
    service.mailbox.executed.map(({ clientSeq, action }) => `${clientSeq} ${action.case}`),
  ]).toEqual([["receive", "send", "receive", "send"], ["1 end"]]);
});
