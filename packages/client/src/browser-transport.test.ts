import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { SignalingService } from "@peerline/protocol";
import {
  createContractWorld,
  createLoopbackService,
  type LoopbackService,
  type OpenCarrier,
  signalingContract,
} from "@peerline/signaling-client/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { browserTransport } from "./browser-transport.ts";

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function overFetch(service: LoopbackService) {
  const { url, close } = await serve(connectNodeAdapter({ routes: service.routes }));
  return { transport: browserTransport(`${url}/`), close };
}

const carriers: Record<string, OpenCarrier> = {
  streaming: overFetch,
  polling: async (service) => ({ ...(await overFetch(service)), options: { carrier: "poll" } }),
};

for (const [name, open] of Object.entries(carriers)) {
  describe(`a signaling session over fetch, ${name}`, () => {
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

async function clientOf(listener: RequestListener) {
  const { url, close } = await serve(listener);
  onTestFinished(close);
  return createClient(SignalingService, browserTransport(url));
}

async function codeOf(exchange: Promise<unknown>): Promise<Code | undefined> {
  return await exchange.then(
    () => undefined,
    (error: unknown) => (error instanceof ConnectError ? error.code : undefined),
  );
}

const endless: RequestListener = (request) => {
  request.resume();
};

test("an answer that never comes ends with the time that was given", async () => {
  const client = await clientOf(endless);
  expect(await codeOf(client.getIceServers({}, { timeoutMs: 20 }))).toBe(Code.DeadlineExceeded);
});

test("an exchange that is called off ends as cancelled, also when it was before it began", async () => {
  const asked = Promise.withResolvers<void>();
  const client = await clientOf(() => asked.resolve());
  const controller = new AbortController();
  const code = codeOf(client.getIceServers({}, { signal: controller.signal }));
  await asked.promise;
  controller.abort();
  expect(await code).toBe(Code.Canceled);
  expect(await codeOf(client.getIceServers({}, { signal: controller.signal }))).toBe(Code.Canceled);
});

test("a stream whose connection ends without its last message is an error", async () => {
  const client = await clientOf((_, response) => {
    response.writeHead(200, { "content-type": "application/connect+proto" });
    response.end();
  });
  const read = async () => {
    for await (const frame of client.receive({})) expect(frame).toBe("none was sent");
  };
  expect(await codeOf(read())).toBe(Code.Unknown);
});

test("a stream that is called off while it is read ends as cancelled", async () => {
  const client = await clientOf((_, response) => {
    response.writeHead(200, { "content-type": "application/connect+proto" });
    response.write(new Uint8Array(5));
  });
  const controller = new AbortController();
  const read = async () => {
    for await (const _ of client.receive({}, { signal: controller.signal })) controller.abort();
  };
  expect(await codeOf(read())).toBe(Code.Canceled);
});
