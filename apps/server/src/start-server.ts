import { createRoutes, type RouteOptions, silentLogger } from "./create-routes.ts";
import { guardedLogger } from "./guarded.ts";
import { createConnections } from "./http/connections.ts";
import { listen } from "./http/listener.ts";
import { mostConnections } from "./http/most-connections.ts";
import { createNetworks } from "./http/networks.ts";
import { createProbes } from "./http/probes.ts";
import { createRequestHandler } from "./http/request-handler.ts";
import { createTally } from "./logging/tally.ts";
import { createSystemClock } from "./system-clock.ts";

/** A running server. */
export interface PeerlineServer {
  /** Without a trailing slash: "http://localhost:8080". */
  readonly url: string;
  readonly port: number;
  /** See `SessionService.revoke`. */
  revoke(user: string): Promise<void>;
  /** See `PeerlineRoutes.reload`. */
  readonly reload: (() => Promise<void>) | undefined;
  /** Not ready, sends the clients away, closes within `drainMs`. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the signaling server on one port: Connect, gRPC and gRPC-Web over HTTP/1.1 and cleartext HTTP/2, and
 * `/healthz`, `/readyz`, `/version`. Throws `ServerError` "bad-config" or "port-in-use".
 */
export async function startServer(options: RouteOptions = {}): Promise<PeerlineServer> {
  const logger = guardedLogger(options.logger ?? silentLogger);
  const { routes, config, sessions, hasKeys, reload, close } = await createRoutes(options);
  // Sockets live in real time, whatever clock the calls live by.
  const clock = createSystemClock();
  const proxies = createNetworks(config.trustedProxies);
  const tally = createTally(clock, logger.warn, "connections closed");
  const connections = createConnections({
    timers: config.timers,
    heldBytes: config.limits.heldBytes,
    most: mostConnections(config.limits),
    proxies,
    clock,
    tally,
  });
  const handler = createRequestHandler({
    routes,
    origins: { allow: config.allowedOrigins, loopback: config.dev },
    proxies,
    maxRequestBytes: config.limits.requestBytes,
    probes: createProbes(() => {
      if (sessions.isDraining()) return "draining";
      return hasKeys() ? "ready" : "no-keys";
    }),
    logger,
  });
  const { host, port, timers } = config;
  const listener = await listen(handler, { host, port, timers, connections });
  const url = `http://${nameOf(config.host)}:${listener.port}`;
  logger.info("server ready", { url, dev: config.dev });
  let closing: Promise<void> | undefined;
  const shutDown = async () => {
    logger.info("server draining");
    const closed = close();
    listener.sendAway();
    await closed;
    await listener.close();
    tally.close();
    logger.info("server stopped");
  };
  return {
    url,
    port: listener.port,
    reload,
    revoke: sessions.revoke,
    close: () => {
      closing ??= shutDown();
      return closing;
    },
  };
}

const anyHost = new Set(["", "0.0.0.0", "::", "127.0.0.1", "::1", "localhost"]);

function nameOf(host: string): string {
  if (anyHost.has(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
