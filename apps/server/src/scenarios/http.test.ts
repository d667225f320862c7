import { createHmac } from "node:crypto";
import { connect as connectHttp2, constants } from "node:http2";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { DevelopmentService, ErrorCode, GoAway_Action, SignalingService } from "@peerline/protocol";
import { afterEach, describe, expect, test } from "vitest";
import { createRoutes } from "../create-routes.ts";
import { startServer } from "../start-server.ts";
import { accept, invite, newCallId } from "../testing/commands.ts";
import { openEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";

let harness: Harness;
afterEach(() => harness.close());

const path = "/peerline.signaling.v1.DevelopmentService/SignIn";

describe("cross-origin", () => {
  const preflight = (origin: string) =>
    fetch(`${harness.server.url}${path}`, {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    });

  test("pages of this machine may call in development, others may not", async () => {
    harness = await startHarness();
    const allowed = await preflight("http://localhost:5173");
    expect([allowed.status, allowed.headers.get("access-control-allow-origin")]).toEqual([
      204,
      "http://localhost:5173",
    ]);
    expect(allowed.headers.get("access-control-max-age")).toBe("7200");
    expect(allowed.headers.get("access-control-allow-headers")).toMatch(
      /Connect-Protocol-Version.*Authorization/i,
    );
    const denied = await preflight("https://evil.example");
    expect([denied.status, denied.headers.get("access-control-allow-origin")]).toEqual([403, null]);
  });

  test("an answer to an allowed page shows it what gRPC-Web and Connect need", async () => {
    harness = await startHarness({ allowedOrigins: ["https://app.example"] });
    const headers = { "content-type": "application/json", origin: "https://app.example" };
    const answer = await fetch(`${harness.server.url}${path}`, {
      method: "POST",
      headers,
      body: '{"user":"ada"}',
    });
    expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "https://app.example",
    ]);
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/Grpc-Status/i);
  });
});

test("a stream tells proxies not to buffer and not to change it", async () => {
  harness = await startHarness();
  const ada = await harness.open("ada");
  const message = JSON.stringify({
    endpointId: Buffer.from(newCallId()).toString("base64"),
    client: { protocolMin: 1, protocolMax: 1 },
  });
  const envelope = Buffer.concat([Buffer.alloc(5), Buffer.from(message)]);
  envelope.writeUInt32BE(Buffer.byteLength(message), 1);
  const abort = new AbortController();
  const answer = await fetch(`${harness.server.url}/peerline.signaling.v1.SignalingService/Receive`, {
    method: "POST",
    body: envelope,
    headers: {
      "content-type": "application/connect+json",
      authorization: `Bearer ${ada.token}`,
      "accept-encoding": "gzip",
    },
    signal: abort.signal,
  });
  expect(answer.headers.get("x-accel-buffering")).toBe("no");
  expect(answer.headers.get("cache-control")).toBe("no-transform");
  expect(answer.headers.get("content-encoding") ?? answer.headers.get("connect-content-encoding")).toBeNull();
  const first = await answer.body?.getReader().read();
  expect(Buffer.from(first?.value ?? []).toString()).toContain('"hello"');
  abort.abort();
});

test("health, readiness and version", async () => {
  harness = await startHarness();
  const get = async (name: string) => {
    const answer = await fetch(`${harness.server.url}${name}`);
    return [answer.status, await answer.json()];
  };
  expect(await get("/healthz")).toEqual([200, { status: "ok" }]);
  expect(await get("/readyz")).toEqual([200, { status: "ready" }]);
  expect(await get("/version")).toMatchObject([
    200,
    { name: "peerline-server", protocolMin: 1, protocolMax: 1 },
  ]);
});

test("80: a drain sends every client away within 5 s, refuses new streams, and ends what is left after 10 s", async () => {
  harness = await startHarness({ timers: { drainSpreadMs: 5_000, drainMs: 10_000 }, ids: fixedIds() });
  const ada = await harness.open("ada");
  const closing = harness.server.close();
  const ready = fetch(`${harness.server.url}/readyz`).then(
    ({ status }) => status,
    () => "closed",
  );
  const { action, reason, after } = await ada.frame("goAway");
  expect([action, reason, after?.seconds]).toEqual([GoAway_Action.RESUME, ErrorCode.SHUTTING_DOWN, 2n]);
  await expect(harness.open("bob")).rejects.toThrow("shutting down");
  await harness.clock.advance(9_999);
  expect((await ada.sendRaw([])).topOffset).toBe(0n);
  const rest = ada.untilEnd();
  await harness.clock.advance(1);
  expect(await rest).toBeUndefined();
  expect([503, "closed"]).toContain(await ready);
  await closing;
  await expect(fetch(`${harness.server.url}/healthz`)).rejects.toThrow();
});

test("a drain asks HTTP/2 clients for another connection at its start, and goes on with what runs", async () => {
  harness = await startHarness({ timers: { drainSpreadMs: 5_000, drainMs: 10_000 } });
  const [ada, bob] = [await harness.open("ada"), await harness.open("bob")];
  const client = connectHttp2(harness.server.url);
  const told = new Promise((resolve) => client.once("goaway", resolve));
  const asked = client.request({ ":path": "/healthz" });
  await new Promise((resolve) => asked.once("response", resolve));
  asked.resume();
  const closing = harness.server.close();
  expect(await told).toBe(constants.NGHTTP2_NO_ERROR);
  expect((await ada.frame("goAway")).action).toBe(GoAway_Action.RESUME);
  // By another connection, while the streams are still read from the first one.
  expect((await ada.run(invite(newCallId(), "bob"))).applied).toBe(true);
  expect((await bob.event("incoming")).call?.remote?.user).toBe("ada");
  await harness.clock.advance(10_000);
  await closing;
  client.destroy();
});

test("a drain does not wait longer than it may for a client that does not read", async () => {
  harness = await startHarness({ timers: { drainMs: 10_000 } });
  const routes = await createRoutes({ dev: true, clock: harness.clock });
  const transport = createRouterTransport(routes.routes);
  const stuck = createClient(SignalingService, transport);
  const { token } = await createClient(DevelopmentService, transport).signIn({ user: "ada" });
  const stream = stuck.receive(
    { endpointId: newCallId(), client: { protocolMin: 1, protocolMax: 1 } },
    { headers: { Authorization: `Bearer ${token}` } },
  );
  await stream[Symbol.asyncIterator]().next();
  const closing = routes.close();
  await harness.clock.advance(10_200);
  await closing;
});

test("a taken port is one clear refusal", async () => {
  harness = await startHarness();
  await expect(startServer({ dev: true, port: harness.server.port })).rejects.toMatchObject({
    code: "port-in-use",
    message: expect.stringContaining("--port"),
  });
});

test("TURN credentials are short-lived and made for the account, whatever endpoint asks", async () => {
  const ice = {
    stunUrls: ["stun:stun.example:3478"],
    turnUrls: ["turn:turn.example:3478"],
    turnSecret: "0123456789abcdef",
  };
  harness = await startHarness({ ice });
  const ada = await harness.open("ada");
  const bob = await harness.open("bob");
  const headers = { Authorization: `Bearer ${ada.token}` };
  const { servers, validFor } = await ada.client.getIceServers({ endpointId: ada.endpointId }, { headers });
  const turn = servers[1];
  const expiry = Math.floor(harness.clock.now() / 1000) + 3600;
  expect([servers[0]?.urls, turn?.urls, validFor?.seconds]).toEqual([ice.stunUrls, ice.turnUrls, 3600n]);
  expect(turn?.username).toMatch(new RegExp(`^${expiry}:[0-9a-f]{32}$`));
  expect(turn?.credential).toBe(
    createHmac("sha1", ice.turnSecret)
      .update(turn?.username ?? "")
      .digest("base64"),
  );
  expect(ada.hello().iceServers).toEqual(servers);
  const another = await ada.client.getIceServers({ endpointId: newCallId() }, { headers });
  expect(another.servers).toEqual(servers);
  expect(turn?.username).not.toContain("ada");
  expect(bob.hello().iceServers[1]?.username).not.toBe(turn?.username);
});

test("the routes serve an in-process transport too", async () => {
  harness = await startHarness();
  const clock = createVirtualClock();
  const routes = await createRoutes({ dev: true, clock });
  const transport = createRouterTransport(routes.routes);
  const ada = await openEndpoint(transport, "ada");
  const bob = await openEndpoint(transport, "bob");
  const callId = newCallId();
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
  expect((await ada.event("accepted")).remote?.user).toBe("bob");
  const closing = routes.close();
  const rest = Promise.all([ada.untilEnd(), bob.untilEnd()]);
  await clock.advance(500);
  await rest;
  await closing;
  expect(clock.pending()).toBe(0);
});

function fixedIds() {
  let count = 0;
  const hex = (bytes: number) => (++count).toString(16).padStart(2 * bytes, "0");
  return { epoch: () => hex(8), party: () => hex(16), random: () => 0.5 };
}
