import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { RouteOptions } from "../create-routes.ts";
import { type PeerlineServer, startServer } from "../start-server.ts";
import { type EndpointOptions, openEndpoint, type TestEndpoint } from "./endpoint.ts";
import { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";

/** A real server on a free loopback port, on a virtual clock. */
export interface Harness {
  readonly server: PeerlineServer;
  readonly clock: VirtualClock;
  readonly transport: Transport;
  /** Resolves once a line with this message has been logged `count` times. */
  logged(message: string, count?: number): Promise<void>;
  readonly lines: readonly LogLine[];
  open(user: string, options?: EndpointOptions): Promise<TestEndpoint>;
  close(): Promise<void>;
}

export interface LogLine {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface HarnessOptions extends RouteOptions {
  /** One that several servers share. Default: its own. */
  readonly clock?: VirtualClock;
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = options.clock ?? createVirtualClock();
  const log = createLogProbe();
  const server = await startServer({
    dev: true,
    port: 0,
    clock,
    logger: log.logger,
    ...options,
    timers: { ...options.timers },
  });
  const sessionManager = new Http2SessionManager(server.url);
  const transport = createConnectTransport({
    baseUrl: server.url,
    httpVersion: "2",
    useBinaryFormat: true,
    sessionManager,
  });
  return {
    server,
    clock,
    transport,
    logged: log.until,
    lines: log.lines,
    open: (user, endpoint) => openEndpoint(transport, user, endpoint),
    async close() {
      sessionManager.abort();
      const closing = server.close();
      await clock.advance(60_000);
      await closing;
    },
  };
}

function createLogProbe() {
  const lines: LogLine[] = [];
  const waiters = new Set<() => void>();
  const add = (message: string, fields: LogLine["fields"] = {}) => {
    lines.push({ message, fields });
    for (const check of waiters) check();
  };
  const until = (message: string, count = 1) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = () => {
      if (lines.filter((line) => line.message === message).length < count) return;
      waiters.delete(check);
      resolve();
    };
    waiters.add(check);
    check();
    return promise;
  };
  return { lines, until, logger: { debug: add, info: add, warn: add } };
}
