import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { create } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { createConnectTransport } from "@connectrpc/connect-web";
import { toHex } from "@peerline/call-machine/wire";
import { type Command, IncomingSchema } from "@peerline/protocol";
import { describe, expect, onTestFinished, test } from "vitest";
import type { SignalingSessionOptions } from "./options.ts";
import { drive, quiet } from "./testing/drive.ts";
import {
  type ContractWorld,
  createContractWorld,
  createLoopbackService,
  sampleActions,
  sampleCallId,
} from "./testing/index.ts";
import { lossyTransport } from "./testing/lossy-transport.ts";
import { type VirtualClock, virtualClock } from "./testing/virtual-clock.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const callId = "ab".repeat(16);

function worldOf(overrides: Partial<SignalingSessionOptions> & { clock?: VirtualClock } = {}) {
  const service = createLoopbackService();
  const world = createContractWorld(service, createRouterTransport(service.routes), overrides);
  onTestFinished(() => world.session.stop("page-gone"));
  return world;
}

const types = ({ inputs }: ContractWorld) => inputs.all.map(({ type }) => type);
const count = (world: ContractWorld, type: string) => types(world).filter((each) => each === type).length;
const receives = ({ service }: ContractWorld) =>
  service.requests.all.filter(({ rpc }) => rpc === "receive").length;
const beats = ({ service }: ContractWorld) =>
  service.requests.all.filter((each) => each.rpc === "send" && each.request.heartbeat !== undefined).length;
const isDelivered = (world: ContractWorld, n: number) => world.inputs.until(() => world.texts().length === n);

describe.each(["stream", "poll"] as const)("by %s", (carrier) => {
  test("6: an Incoming that the overlap of two carriers brings twice is delivered once", async () => {
    const world = worldOf({ carrier });
    await world.live();
    world.service.faults.duplicateEvents = 1;
    const incoming = { case: "incoming", value: create(IncomingSchema) } as const;
    const event = world.service.emit(incoming, sampleCallId("1"));
    await world.inputs.first(({ type }) => type === "event");
    world.clock.advanceBy(2_000);
    world.session.wake();
    await world.inputs.until(() => count(world, "hello") === 2);
    world.service.frame({ case: "event", value: event });
    world.emit("after");
    await isDelivered(world, 1);
    expect(count(world, "event")).toBe(2);
  });

  test("70: an idle tab whose timers run once a minute keeps its connection for an hour, on pings alone", async () => {
    const clock = virtualClock();
    const minuteMs = 60_000;
    const throttled: VirtualClock = {
      ...clock,
      setTimer: (at, run) => clock.setTimer(Math.ceil(at / minuteMs) * minuteMs, run),
    };
    const world = worldOf({ carrier, clock: throttled });
    await world.live();
    for (let passed = 0; passed < hourMs; passed += 20_000) {
      clock.advanceBy(20_000);
      world.service.ping();
      await quiet();
    }
    expect([count(world, "hello"), count(world, "interrupted")]).toEqual([1, 0]);
    world.emit("1");
    await isDelivered(world, 1);
  });

  test("70: a tab that lost its path while it was hidden is live again within a second of being shown", async () => {
    const world = worldOf({ carrier });
    await world.live();
    world.service.mailbox.outlet = undefined;
    world.clock.setTo(world.clock.now() + hourMs);
    const shownAt = world.clock.now();
    world.session.wake();
    await world.inputs.until(() => count(world, "hello") === 2);
    expect(world.clock.now() - shownAt).toBeLessThanOrEqual(1_000);
  });

  test("74: timers that all fire at once after a sleep, before the wake or after it, cost one reconnect", async () => {
    for (const wakesFirst of [true, false]) {
      const world = worldOf({ carrier });
      await world.live();
      world.session.setCalls([{ callId, mediaAlive: true }]);
      await quiet();
      const firstPulse = () => world.session.wake();
      if (wakesFirst) {
        world.clock.setTo(world.clock.now() + hourMs);
        firstPulse();
        world.clock.advanceBy(0);
      } else {
        world.clock.sleepFor(hourMs);
        firstPulse();
      }
      await world.inputs.until(() => count(world, "hello") === 2);
      await quiet();
      expect([count(world, "hello"), count(world, "interrupted"), count(world, "stopped")]).toEqual([
        2, 1, 0,
      ]);
    }
  });

  test("75: a clock that jumps back or forth by a day stops no heartbeat, loses nothing and ends nothing", async () => {
    for (const jumpMs of [-dayMs, dayMs]) {
      const world = worldOf({ carrier });
      world.skipWaits();
      await world.live();
      world.session.setCalls([{ callId, mediaAlive: true }]);
      await quiet();
      world.clock.setTo(world.clock.now() + jumpMs);
      world.service.ping();
      world.emit("1");
      const before = beats(world);
      for (let second = 0; second < 20; second++) {
        world.clock.advanceBy(1_000);
        world.service.ping();
        await quiet();
      }
      world.session.send(sampleActions.end("1"));
      await world.inputs.first(({ type }) => type === "result");
      expect([world.texts(), count(world, "stopped")]).toEqual([["1"], 0]);
      expect(beats(world) - before).toBeGreaterThanOrEqual(4);
      expect(count(world, "hello")).toBeLessThanOrEqual(2);
    }
  });

  test("76: a page that comes back from the cache goes on where it was, with what it missed", async () => {
    const world = worldOf({ carrier });
    await world.live();
    world.service.mailbox.outlet = undefined;
    world.emit("1", "2");
    world.clock.setTo(world.clock.now() + 600_000);
    world.session.wake();
    await isDelivered(world, 2);
    expect([world.texts(), types(world).slice(2, 4)]).toEqual([
      ["1", "2"],
      ["interrupted", "hello"],
    ]);
  });

  test("a half-open connection is noticed at its deadline of 15 s in a call", async () => {
    const world = worldOf({ carrier });
    await world.live();
    world.session.setCalls([{ callId, mediaAlive: true }]);
    await quiet();
    world.service.mailbox.outlet = undefined;
    for (let passed = 0; passed < 14_000; passed += 1_000) {
      world.clock.advanceBy(1_000);
      await quiet();
    }
    world.clock.advanceBy(999);
    await quiet();
    expect(count(world, "interrupted")).toBe(0);
    world.clock.advanceBy(1);
    await world.inputs.until(() => count(world, "hello") === 2);
  });

  test("69: with 30 % loss and a round trip of 500 ms every command lands once, every event once", async () => {
    const service = createLoopbackService();
    const clock = virtualClock();
    const random = randomOf(7);
    const network = { clock, random, loss: 0.3, roundTripMs: 500 };
    const transport = lossyTransport(createRouterTransport(service.routes), network);
    const world = createContractWorld(service, transport, { clock, random, carrier });
    onTestFinished(() => world.session.stop("page-gone"));
    world.live().catch(() => undefined);
    await drive(clock, () => count(world, "caughtUp") > 0);
    world.session.setCalls([{ callId, mediaAlive: true }]);
    const sent = 60;
    const results = () => world.inputs.all.flatMap((input) => (input.type === "result" ? [input] : []));
    for (let n = 1; n <= sent; n++) {
      world.session.send(sampleActions.relay("1", n.toString(16)));
      world.emit(String(n));
      clock.advanceBy(200);
      await quiet();
    }
    await drive(clock, () => results().length === sent && world.texts().length === sent);
    const numbers = Array.from({ length: sent }, (_, index) => index + 1);
    expect(world.texts()).toEqual(numbers.map(String));
    expect(service.mailbox.executed.map(({ action }) => messageNumber(action))).toEqual(numbers);
    expect(results().map(({ action, result }) => [messageNumber(action), result.error])).toEqual(
      numbers.map((n) => [n, undefined]),
    );
  });
});

function messageNumber(action: Command["action"]): number {
  return action.case === "relay" ? Number.parseInt(toHex(action.value.messageId), 16) : 0;
}

/** Numbers in [0, 1), the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("a captive portal", () => {
  test.each<[string, readonly number[]]>([
    ["answers everything with a page", [200, 200, 200, 200]],
    ["sends everyone elsewhere", [302, 302, 302, 302]],
    ["breaks every connection", [0, 0, 0, 0]],
    ["forbids everything with a page", [403, 403, 403, 403]],
    ["finds nothing and shows a page", [404, 404, 404, 404]],
    ["wants everyone to sign in", [401, 511, 401, 511]],
    ["forbids, then finds nothing, then sends elsewhere, then takes no such request", [403, 404, 302, 400]],
  ])("68: that %s is retried with growing waits, and left behind", async (_name, statuses) => {
    const service = createLoopbackService();
    const portal = await startPortal(service, statuses);
    const transport = createConnectTransport({ baseUrl: portal.url, useBinaryFormat: true });
    const world = createContractWorld(service, transport);
    onTestFinished(() => world.session.stop("page-gone"));
    world.skipWaits();
    await world.live();
    const waits = world.inputs.all.flatMap((input) =>
      input.type === "interrupted" ? [input.retryInMs] : [],
    );
    expect([waits, count(world, "stopped")]).toEqual([[250, 500, 1_000, 2_000], 0]);
    expect(portal.left()).toBe(0);
  });
});

/** A service behind something that answers the first requests itself: with these statuses, 0 cuts the connection. */
async function startPortal(service: ReturnType<typeof createLoopbackService>, statuses: readonly number[]) {
  const routes = connectNodeAdapter({ routes: service.routes });
  let answered = 0;
  const server = createServer((request, response) => {
    const status = statuses[answered];
    if (status === undefined) return routes(request, response);
    answered += 1;
    if (status === 0) return void request.socket.destroy();
    response.writeHead(status, { "Content-Type": "text/html", Location: "http://127.0.0.1:9/" });
    response.end("<html><body>Sign in to the Wi-Fi</body></html>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, left: () => statuses.length - answered };
}

test("68: while the platform is offline nothing is tried, and online is one attempt at once", async () => {
  const world = worldOf();
  world.session.setOnline(false);
  world.session.start((input) => world.inputs.push(input));
  await quiet();
  world.clock.advanceBy(hourMs);
  await quiet();
  expect([receives(world), world.clock.nextTimerAt()]).toEqual([0, Number.POSITIVE_INFINITY]);
  world.session.setOnline(true);
  await world.inputs.first(({ type }) => type === "caughtUp");
  expect(receives(world)).toBe(1);
});
