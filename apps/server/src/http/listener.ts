import { createServer as createHttpServer } from "node:http";
import { constants, createServer as createHttp2Server, type ServerHttp2Session } from "node:http2";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { ServerError } from "../errors/server-error.ts";
import { looksLikeHttp2, prefaceBytes } from "./preface.ts";
import type { NodeRequest, NodeResponse } from "./request-handler.ts";

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

const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
const keepAliveTimeoutMs = 65_000;
const maxConcurrentStreams = 128;
/** What was written last may still leave. */
const flushMs = 300;
const closeIdleEveryMs = 20;
const maxHeaderBytes = 16 * 1024;
/** No stream that is open is left out. */
const anyStreamId = 2 ** 31 - 1;

/**
 * Looks at the first bytes of each connection and hands it to an HTTP/1.1 or an HTTP/2 server. A connection that says
 * nothing is cut after 10 s. Throws `ServerError` "port-in-use" or "bad-config". PROTOCOL 1.15, T17.
 */
export async function listen(
  handler: (request: NodeRequest, response: NodeResponse) => void,
  options: { readonly host: string; readonly port: number },
): Promise<Listener> {
  const http1 = createHttpServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      maxHeaderSize: maxHeaderBytes,
    },
    handler,
  );
  const http2 = createHttp2Server(
    { settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderBytes } },
    handler,
  );
  const sessions = new Set<ServerHttp2Session>();
  http2.on("session", (session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session));
  });
  http2.on("sessionError", () => {});
  http1.on("clientError", (_error, socket) => socket.destroy());
  // The request timeouts of a server that does not listen itself are armed by this event.
  http1.emit("listening");

  const sockets = new Set<Socket>();
  // Without `noDelay` small answers wait 40 ms for an acknowledgement: a socket that is handed over keeps its own setting.
  const tcp = createTcpServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    sniff(socket, (isHttp2) => (isHttp2 ? http2 : http1).emit("connection", socket));
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
      const cut = setTimeout(() => sockets.forEach((socket) => void socket.destroy()), flushMs);
      http1.closeIdleConnections();
      await closed;
      clearInterval(idle);
      clearTimeout(cut);
      http1.close();
    },
  };
}

function sniff(socket: Socket, decided: (isHttp2: boolean) => void): void {
  const timer = setTimeout(() => socket.destroy(), headersTimeoutMs);
  let seen = Buffer.alloc(0);
  const onReadable = () => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const verdict = looksLikeHttp2(seen);
    if (verdict === undefined && seen.length < prefaceBytes) return;
    clearTimeout(timer);
    socket.off("readable", onReadable);
    socket.unshift(seen);
    decided(verdict === true);
  };
  socket.on("readable", onReadable);
  socket.once("close", () => clearTimeout(timer));
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
