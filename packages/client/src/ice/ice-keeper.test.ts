import { create } from "@bufbuild/protobuf";
import { createManualClock } from "@peerline/peer-connection/testing";
import { IceServerSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { freshWithinMs, retryMs } from "./credential-life.ts";
import { createIceKeeper, type IceGrant } from "./ice-keeper.ts";

const hourMs = 3_600_000;
const own = { urls: "stun:own" };

const grant = (name: string): IceGrant => ({
  servers: [create(IceServerSchema, { urls: ["turn:t"], username: name, credential: "c" })],
  validForMs: hourMs,
});
const applied = (name: string) => [own, { urls: ["turn:t"], username: name, credential: "c" }];

/** A server whose answers are given by the test. */
function createWorld() {
  const clock = createManualClock();
  const asked: PromiseWithResolvers<IceGrant | undefined>[] = [];
  const given: unknown[] = [];
  const keeper = createIceKeeper({
    clock,
    own: [own],
    apply: (servers) => given.push(servers),
    ask() {
      const question = Promise.withResolvers<IceGrant | undefined>();
      asked.push(question);
      return question.promise;
    },
  });
  const answer = async (value: IceGrant | undefined) => {
    asked.at(-1)?.resolve(value);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { clock, asked, given, keeper, answer };
}

test("what a hello brings is used at once, beside the own servers", () => {
  const { keeper, given } = createWorld();
  expect(keeper.servers()).toEqual([own]);
  keeper.note(grant("first"));
  keeper.note(grant("first"));
  expect([keeper.servers(), given]).toEqual([applied("first"), [applied("first")]]);
});

test("credentials are replaced at half of their life in every open connection, again and again", async () => {
  const { clock, keeper, given, asked, answer } = createWorld();
  keeper.note(grant("first"));
  clock.advance(hourMs / 2 - 1);
  expect(asked.length).toBe(0);
  clock.advance(1);
  expect(asked.length).toBe(1);
  await answer(grant("second"));
  clock.advance(hourMs / 2);
  await answer(grant("third"));
  expect([asked.length, given]).toEqual([2, [applied("first"), applied("second"), applied("third")]]);
});

test("a server that does not answer is asked again every 30 s, and what is at hand stays", async () => {
  const { clock, keeper, asked, answer } = createWorld();
  keeper.note(grant("first"));
  clock.advance(hourMs / 2);
  await answer(undefined);
  clock.advance(retryMs);
  asked.at(-1)?.reject(new TypeError("no network"));
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  expect(keeper.servers()).toEqual(applied("first"));
  clock.advance(retryMs);
  expect(asked.length).toBe(3);
});

test("67: credentials that run out soon are refreshed before a restart, and those that do not are not", async () => {
  const { clock, keeper, asked, answer } = createWorld();
  keeper.note(grant("first"));
  expect(keeper.fresh()).toBeUndefined();
  clock.advance(hourMs / 2);
  await answer(undefined);
  clock.advance(hourMs / 2);
  const before = asked.length;
  const waiting = [keeper.fresh(), keeper.fresh()];
  expect(asked.length).toBe(before);
  await answer(grant("second"));
  expect(await Promise.all(waiting)).toEqual([applied("second"), applied("second")]);
  expect(keeper.fresh()).toBeUndefined();
});

test("67: a restart waits 2 s for fresh credentials, then goes with what it has", async () => {
  const { clock, keeper } = createWorld();
  keeper.note(grant("first"));
  clock.advance(hourMs);
  const waiting = keeper.fresh();
  let settled = false;
  void waiting?.then(() => {
    settled = true;
  });
  clock.advance(freshWithinMs - 1);
  await Promise.resolve();
  expect(settled).toBe(false);
  clock.advance(1);
  expect([await waiting, keeper.servers()]).toEqual([undefined, applied("first")]);
});

test("credentials without an end are never asked for", () => {
  const { clock, keeper, asked } = createWorld();
  keeper.note({ ...grant("endless"), validForMs: undefined });
  clock.advance(100 * hourMs);
  expect([asked.length, keeper.fresh(), clock.waiting]).toEqual([0, undefined, 0]);
});

test("after stop no answer is taken and no timer is left", async () => {
  for (const late of [grant("late"), undefined]) {
    const { clock, keeper, asked, given, answer } = createWorld();
    keeper.note(grant("first"));
    clock.advance(hourMs / 2);
    keeper.stop();
    await answer(late);
    clock.advance(hourMs);
    expect([asked.length, given.length, clock.waiting, keeper.fresh()]).toEqual([1, 1, 0, undefined]);
  }
});

test("a server that no connection would take is left out, and the others are used", () => {
  const { keeper } = createWorld();
  const urls = [
    ["stun:a:3478"],
    ["stun:"],
    ["https://turn.example"],
    ["turn:b", "turn:b?transport=tcp", "turns:[::1]:5349"],
    ["turn:c?transport=tls"],
    ["turn:a b"],
    [],
  ];
  const servers = urls.map((each) => create(IceServerSchema, { urls: each, username: "u", credential: "c" }));
  const bare = create(IceServerSchema, { urls: ["turn:d"] });
  keeper.note({ servers: [...servers, bare], validForMs: undefined });
  expect(keeper.servers()).toEqual([
    own,
    { urls: ["stun:a:3478"], username: "u", credential: "c" },
    { urls: ["turn:b", "turn:b?transport=tcp", "turns:[::1]:5349"], username: "u", credential: "c" },
  ]);
});
