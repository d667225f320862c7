import { Code, ConnectError, createRouterTransport, type Interceptor } from "@connectrpc/connect";
import { ErrorCode, ErrorSchema } from "@peerline/protocol";
import {
  type ContractWorld,
  createContractWorld,
  createLoopbackService,
  sampleActions,
} from "@peerline/signaling-client/testing";
import { expect, test } from "vitest";
import { createSwitchboard, type Switchboard } from "./fault-switches.ts";
import { createTokenFaults } from "./faulty-token.ts";
import { faultyTransport } from "./faulty-transport.ts";

/** As a server does with a token that is over. */
const refuseExpired: Interceptor = (next) => async (request) => {
  if (!request.header.get("Authorization")?.endsWith("-expired")) return next(request);
  const detail = { desc: ErrorSchema, value: { code: ErrorCode.TOKEN_EXPIRED } };
  throw new ConnectError("the token is over", Code.Unauthenticated, undefined, [detail]);
};

/** A signaling session whose path to a loopback service has switches. */
function createFaultyWorld(): { readonly board: Switchboard; readonly world: ContractWorld } {
  const service = createLoopbackService();
  const board = createSwitchboard();
  const tokens = createTokenFaults(board);
  const inner = createRouterTransport(service.routes, { transport: { interceptors: [refuseExpired] } });
  let issued = 0;
  const getToken = tokens.watch(async () => ({ token: `token-${++issued}` }));
  const world = createContractWorld(service, faultyTransport(inner, board, tokens), { getToken });
  return { board, world };
}

const kinds = (world: ContractWorld) => world.inputs.all.map(({ type }) => type);

test("a cut stream is resumed, and what was sent meanwhile comes once", async () => {
  const { board, world } = createFaultyWorld();
  await world.live();
  world.skipWaits();
  board.trigger("cut");
  world.emit("meanwhile");
  await world.inputs.first((input) => input.type === "event");
  const hellos = world.inputs.all.filter((input) => input.type === "hello");
  expect(hellos.map((hello) => hello.resumed)).toEqual([false, true]);
  expect(world.texts()).toEqual(["meanwhile"]);
  expect(board.state().times).toEqual({ cut: 1, "expire-token": 0, "expire-turn": 0 });
});

test("a stalled path is silent until the session notices, and the next stream catches up", async () => {
  const { board, world } = createFaultyWorld();
  await world.live();
  board.set("stall", true);
  world.emit("swallowed");
  world.service.ping();
  world.clock.advanceBy(44_999);
  expect(kinds(world)).toEqual(["hello", "caughtUp"]);
  world.clock.advanceBy(1);
  await world.inputs.first((input) => input.type === "interrupted");
  board.set("stall", false);
  world.skipWaits();
  world.clock.advanceBy(5_000);
  await world.inputs.first((input) => input.type === "event");
  expect(world.texts()).toEqual(["swallowed"]);
});

test("what a short stall swallowed is noticed by its gap and fetched", async () => {
  const { board, world } = createFaultyWorld();
  await world.live();
  world.skipWaits();
  board.set("stall", true);
  world.emit("one");
  await new Promise(setImmediate);
  board.set("stall", false);
  world.emit("two");
  await world.inputs.first(() => world.texts().length === 2);
  expect(world.texts()).toEqual(["one", "two"]);
  expect(kinds(world).filter((kind) => kind === "hello")).toHaveLength(2);
});

test("a request that is stalled gets no answer, and is repeated once the path is whole", async () => {
  const { board, world } = createFaultyWorld();
  await world.live();
  world.skipWaits();
  board.set("stall", true);
  world.session.send(sampleActions.relay("1", "a"));
  world.clock.advanceBy(9_999);
  expect([world.service.executions.all.length, kinds(world)]).toEqual([0, ["hello", "caughtUp"]]);
  board.set("stall", false);
  world.clock.advanceBy(5_000);
  await world.inputs.first((input) => input.type === "result");
  expect(world.service.executions.all).toEqual([1]);
});

test("offline breaks what is open and refuses what is new; online lets the session resume", async () => {
  const { board, world } = createFaultyWorld();
  await world.live();
  board.set("offline", true);
  await world.inputs.first((input) => input.type === "interrupted");
  const asked = world.service.requests.all.length;
  world.session.wake();
  world.clock.advanceBy(30_000);
  await new Promise(setImmediate);
  expect(world.service.requests.all.length).toBe(asked);
  board.set("offline", false);
  world.session.wake();
  await world.inputs.first((input) => input.type === "hello" && input.resumed);
});

test("an expired token is refused by the server and replaced, and the stream stays", async () => {
  const { board, world } = createFaultyWorld();
  await world.live();
  expect(board.state().token).toBe("good");
  board.trigger("expire-token");
  expect(board.state().token).toBe("expired");
  world.session.send(sampleActions.relay("1", "a"));
  await world.inputs.first((input) => input.type === "result");
  expect(kinds(world)).toEqual(["hello", "caughtUp", "result"]);
  const sends = world.service.requests.all.filter((request) => request.rpc === "send");
  expect(sends.map(({ token }) => token)).toEqual(["token-2"]);
  expect(board.state().token).toBe("good");
});

test("a caller that gives up is not kept waiting by a stalled path", async () => {
  const { board, world } = createFaultyWorld();
  await world.live();
  board.set("stall", true);
  world.session.send(sampleActions.relay("1", "a"));
  world.session.stop("sign-out");
  expect(world.clock.nextTimerAt()).toBe(Number.POSITIVE_INFINITY);
});
