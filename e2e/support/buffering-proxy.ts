import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";

/** A careless HTTP/1.1 proxy in front of a server: it passes a response on when it has all of it, a stream's never. */
export interface BufferingProxy {
  readonly url: string;
  /** Method and path of each request whose response ended and was passed on. */
  passed(): readonly string[];
  close(): Promise<void>;
}

export async function startBufferingProxy(targetPort: number): Promise<BufferingProxy> {
  const passed: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    pass(incoming, outgoing, targetPort, () => passed.push(`${incoming.method} ${incoming.url}`));
  });
  return {
    url: `http://127.0.0.1:${await listen(proxy)}`,
    passed: () => passed,
    close() {
      proxy.closeAllConnections();
      return new Promise((resolve) => proxy.close(() => resolve()));
    },
  };
}

function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  targetPort: number,
  onPassed: () => void,
): void {
  const { method, headers, url: path } = incoming;
  const upstream = request({ host: "127.0.0.1", port: targetPort, method, headers, path }, (response) => {
    const kept: Buffer[] = [];
    response.on("data", (bytes: Buffer) => kept.push(bytes));
    response.on("end", () => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers).end(Buffer.concat(kept));
      onPassed();
    });
    response.on("error", () => outgoing.destroy());
  });
  upstream.on("error", () => outgoing.destroy());
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

function listen(proxy: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    proxy.once("error", reject);
    proxy.listen(0, "127.0.0.1", () => {
      const address = proxy.address();
      if (typeof address === "object" && address) resolve(address.port);
    });
  });
}
