import { createServer as createHttpServer } from "node:http";
import { constants, createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import type { ServerTimers } from "../config/config.ts";
import { ServerError } from "../errors/server-error.ts";
import type { Connection, Connections } from "./connections.ts";
import { looksLikeHttp2, prefaceBytes } from "./preface.ts";
import type { NodeRequest, NodeResponse } from "./request-handler.ts";
import { closeUnreadable } from "./unreadable.ts";

/** A listening port that speaks HTTP/1.1 and cleartext HTTP/2. */
export interface Listener {
  readonly port: number;
  /**
   * Asks HTTP/2 clients for another connection, by a GOAWAY. What runs goes on; a request that crosses it on its way is
   * refused without having been looked at (REFUSED_STREAM), so that it may be repeated. HTTP/1.1 has no such word. RFC 9113, 6.8.
   */
  sendAway(): void;
  /** Stops accepting, lets answers leave, and cuts what is left after 300 ms. */
  close(): Promise<void>;
}

/** How often HTTP/1.1 requests that do not arrive are looked for. */
const checkHeadersEveryMs = 1_000;
const maxConcurrentStreams = 128;
/** What was written last may still leave. */
const flushMs = 300;
const closeIdleEveryMs = 20;
const maxHeaderBytes = 16 * 1024;
/** No stream that is open is left out. */
const anyStreamId = 2 ** 31 - 1;

/** Where to listen, and for how long a client may take. */
export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly timers: Pick<ServerTimers, "strangerIdleMs" | "requestMs" | "idleMs">;
  readonly connections: Connections;
}

/** Answers one request of a connection. */
export type ConnectionHandler = (request: NodeRequest, response: NodeResponse, on: Connection) => void;

/**
 * Looks at the first bytes of each connection and hands it to an HTTP/1.1 or an HTTP/2 server. `connections` says which may
 * come, and cuts what is idle. Throws `ServerError` "port-in-use" or "bad-config". PROTOCOL 1.15, T17.
 */
export async function listen(handler: ConnectionHandler, options: ListenOptions): Promise<Listener> {
  const { connections } = options;
  const { http1, http2, sessions, hand } = createServers(handler, options.timers);
  // Without `noDelay` small answers wait 40 ms for an acknowledgement: a socket that is handed over keeps its own setting.
  const tcp = createTcpServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    const connection = connections.admit(socket);
    if (connection) sniff(socket, (isHttp2) => hand(isHttp2 ? http2 : http1, socket, connection));
  });
  await opened(tcp, options);
  return {
    port: (tcp.address() as AddressInfo).port,
    sendAway() {
      for (const session of sessions) {
        if (!session.closed && !session.destroyed) session.goaway(constants.NGHTTP2_NO_ERROR, anyStreamId);
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()));
      for (const session of sessions) session.close();
      const idle = setInterval(() => http1.closeIdleConnections(), closeIdleEveryMs);
      const cut = setTimeout(connections.destroyAll, flushMs);
      http1.closeIdleConnections();
      await closed;
      clearInterval(idle);
      clearTimeout(cut);
      http1.close();
      connections.close();
    },
  };
}

/** The two servers behind the port; neither listens itself. */
function createServers(handler: ConnectionHandler, timers: ListenOptions["timers"]) {
  const bySocket = new WeakMap<object, Connection>();
  const bySession = new WeakMap<object, Connection>();
  const sessions = new Set<ServerHttp2Session>();
  /** The connection that is being handed over: its session is announced before that returns. */
  let handed: Connection | undefined;
  const connectionOf = (request: NodeRequest) => {
    if (!("stream" in request)) return bySocket.get(request.socket);
    return request.stream.session && bySession.get(request.stream.session);
  };
  const answer = (request: NodeRequest, response: NodeResponse) => {
    const connection = connectionOf(request);
    if (connection) handler(request, response, connection);
    else response.destroy();
  };
  const http1 = createHttpServer(
    {
      // To Node 0 is for ever, and headers may not take longer than the request.
      headersTimeout: Math.max(1, Math.min(timers.strangerIdleMs, timers.requestMs)),
      requestTimeout: Math.max(1, timers.requestMs),
      keepAliveTimeout: Math.max(1, timers.idleMs),
      maxHeaderSize: maxHeaderBytes,
      connectionsCheckingInterval: checkHeadersEveryMs,
    },
    answer,
  );
  const settings = { maxConcurrentStreams, maxHeaderListSize: maxHeaderBytes };
  const http2 = createHttp2Server({ settings }, answer);
  http2.on("session", (session) => {
    if (handed) bySession.set(session, handed);
    handed?.closesBy(() => session.close());
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  http2.on("sessionError", () => {});
  http1.on("clientError", (reason, socket) =>
    closeUnreadable(socket, reason, bySocket.get(socket)?.isAnswering() ?? true, maxHeaderBytes),
  );
  // The request timeouts of a server that does not listen itself are armed by this event.
  http1.emit("listening");
  return {
    http1,
    http2,
    sessions,
    hand(server: typeof http1 | typeof http2, socket: Socket, connection: Connection) {
      bySocket.set(socket, connection);
      handed = connection;
      server.emit("connection", socket);
      handed = undefined;
    },
  };
}

function sniff(socket: Socket, decided: (isHttp2: boolean) => void): void {
  let seen = Buffer.alloc(0);
  const onReadable = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const verdict = looksLikeHttp2(seen);
    if (verdict === undefined && seen.length < prefaceBytes) return;
    socket.off("readable", onReadable);
    socket.unshift(seen);
    decided(verdict === true);
  };
  socket.on("readable", onReadable);
}

async function opened(
  tcp: ReturnType<typeof createTcpServer>,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  tcp.once("error", (cause: NodeJS.ErrnoException) => {
    const inUse = cause.code === "EADDRINUSE";
    const text = inUse
      ? `Port ${port} is in use. Stop the other program, or choose another one with --port.`
      : `Cannot listen on ${host}:${port} (${cause.code}). Choose others with --host and --port.`;
    reject(new ServerError(inUse ? "port-in-use" : "bad-config", text, { cause }));
  });
  tcp.listen({ host, port }, resolve);
  await promise;
}
