import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { createRouterTransport } from "@connectrpc/connect";
import { GetIceServersResponseSchema, IceServerSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { createContractWorld, createLoopbackService } from "./testing/index.ts";

const turn = create(IceServerSchema, { urls: ["turn:a.example"], username: "1:ab", credential: "secret" });

async function liveWorld() {
  const service = createLoopbackService();
  service.iceServers = create(GetIceServersResponseSchema, {
    servers: [turn],
    validFor: durationFromMs(3_600_000),
  });
  const world = createContractWorld(service, createRouterTransport(service.routes));
  await world.live();
  return world;
}

test("fresh ICE servers are brought with how long they last", async () => {
  const world = await liveWorld();
  expect(await world.session.getIceServers()).toEqual({ servers: [turn], validForMs: 3_600_000 });
  expect(world.inputs.all[0]).toMatchObject({ type: "hello", iceServersValidForMs: 3_600_000 });
});

test("a refused token is replaced, and the question repeated", async () => {
  const world = await liveWorld();
  world.service.faults.rejectTokens = 1;
  expect(await world.session.getIceServers()).toEqual({ servers: [turn], validForMs: 3_600_000 });
  expect(world.service.requests.all.at(-1)).toEqual({ rpc: "getIceServers", token: "token-2" });
});

test("no answer within 2 s is none, and nobody waits longer", async () => {
  const world = await liveWorld();
  world.service.faults.holdIceServers = new Promise(() => undefined);
  const answer = world.session.getIceServers();
  await world.service.requests.first(({ rpc }) => rpc === "getIceServers");
  world.clock.advanceBy(2_000);
  expect(await answer).toBeUndefined();
});

test("a session that ended has no ICE servers to give", async () => {
  const world = await liveWorld();
  world.session.stop("page-gone");
  expect(await world.session.getIceServers()).toBeUndefined();
});
