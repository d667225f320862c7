import { createServer as createHttpServer } from "node:http";
import { createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { createRouterTransport, type Transport } from "@connectrpc/connect";
import {
  connectNodeAdapter,
  createConnectTransport as createNodeTransport,
  Http2SessionManager,
} from "@connectrpc/connect-node";
import { createConnectTransport as createWebTransport } from "@connectrpc/connect-web";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createContractWorld,
  createLoopbackService,
  type LoopbackService,
  type OpenCarrier,
  signalingContract,
} from "./testing/index.ts";

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves over HTTP/1.1; closing ends every connection. */
async function overHttp1(service: LoopbackService, transportOf: (baseUrl: string) => Transport) {
  const server = createHttpServer(connectNodeAdapter({ routes: service.routes }));
  const transport = transportOf(await listen(server));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { transport, close, sever: () => server.closeAllConnections() };
}

async function overHttp2(service: LoopbackService) {
  const server = createHttp2Server(connectNodeAdapter({ routes: service.routes }));
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => sessions.add(session));
  const baseUrl = await listen(server);
  const sessionManager = new Http2SessionManager(baseUrl);
  const transport = createNodeTransport({ baseUrl, httpVersion: "2", useBinaryFormat: true, sessionManager });
  const close = () =>
    new Promise<void>((resolve) => {
      sessionManager.abort();
      for (const session of sessions) session.destroy();
      server.close(() => resolve());
    });
  return { transport, close };
}

function overWeb(service: LoopbackService) {
  return overHttp1(service, (baseUrl) => createWebTransport({ baseUrl, useBinaryFormat: true }));
}

const carriers: Record<string, OpenCarrier> = {
  "in memory": async (service) => ({
    transport: createRouterTransport(service.routes),
    close: async () => undefined,
  }),
  "connect-node over HTTP/1.1": (service) =>
    overHttp1(service, (baseUrl) =>
      createNodeTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: true }),
    ),
  "connect-node over HTTP/2": overHttp2,
  "connect-web": overWeb,
  "in memory, polling": async (service) => ({
    transport: createRouterTransport(service.routes),
    close: async () => undefined,
    options: { carrier: "poll" },
  }),
  "connect-web over HTTP/1.1, polling": async (service) => ({
    ...(await overWeb(service)),
    options: { carrier: "poll" },
  }),
  "connect-node over HTTP/2, polling": async (service) => ({
    ...(await overHttp2(service)),
    options: { carrier: "poll" },
  }),
};

for (const [name, open] of Object.entries(carriers)) {
  describe(`a signaling session ${name}`, () => {
    for (const contract of signalingContract) {
      test(contract.name, async () => {
        const service = createLoopbackService();
        const { transport, close, options } = await open(service);
        const world = createContractWorld(service, transport, options);
        onTestFinished(async () => {
          world.session.stop("page-gone");
          await close();
        });
        await contract.run(world, (actual, expected) => expect(actual).toEqual(expected));
      });
    }
  });
}

test("a connection that breaks under a stream is resumed over a new one", async () => {
  const service = createLoopbackService();
  const { transport, close, sever } = await overWeb(service);
  const world = createContractWorld(service, transport);
  onTestFinished(close);
  await world.live();
  world.skipWaits();
  world.emit("1");
  await world.inputs.until(() => world.texts().length === 1);
  sever();
  await world.inputs.first(({ type }) => type === "interrupted");
  world.emit("2");
  await world.inputs.until(() => world.texts().length === 2);
  world.session.stop("page-gone");
  expect(world.texts()).toEqual(["1", "2"]);
});
