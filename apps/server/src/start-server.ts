import { createRoutes, type RouteOptions, silentLogger } from "./create-routes.ts";
import { listen } from "./http/listener.ts";
import { createNetworks } from "./http/networks.ts";
import { createProbes } from "./http/probes.ts";
import { createRequestHandler } from "./http/request-handler.ts";

/** A running server. */
export interface PeerlineServer {
  /** Without a trailing slash: "http://localhost:8080". */
  readonly url: string;
  readonly port: number;
  /** See `SessionService.revoke`. */
  revoke(user: string): Promise<void>;
  /** Not ready, sends the clients away, closes within `drainMs`. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the signaling server on one port: Connect, gRPC and gRPC-Web over HTTP/1.1 and cleartext HTTP/2, and
 * `/healthz`, `/readyz`, `/version`. Throws `ServerError` "bad-config" or "port-in-use".
 */
export async function startServer(options: RouteOptions = {}): Promise<PeerlineServer> {
  const logger = options.logger ?? silentLogger;
  const { routes, config, sessions, close } = await createRoutes(options);
  const handler = createRequestHandler({
    routes,
    origins: { allow: config.allowedOrigins, loopback: config.dev },
    proxies: createNetworks(config.trustedProxies),
    maxRequestBytes: config.limits.requestBytes,
    probes: createProbes({ isReady: () => !sessions.isDraining() }),
    logger,
  });
  const listener = await listen(handler, config);
  const url = `http://${nameOf(config.host)}:${listener.port}`;
  logger.info("server ready", { url, dev: config.dev });
  let closing: Promise<void> | undefined;
  const shutDown = async () => {
    logger.info("server draining");
    const closed = close();
    listener.sendAway();
    await closed;
    await listener.close();
    logger.info("server stopped");
  };
  return {
    url,
    port: listener.port,
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
