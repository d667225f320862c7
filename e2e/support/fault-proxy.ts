import { createServer, connect as dial, type Server, type Socket } from "node:net";

/**
 * What happens to the bytes. `pass`: nothing. `stall`: connections stay open and swallow everything, both ways, as a
 * half-open path does. `buffer`: what the server sends is kept until the response ends, as a careless proxy does.
 * `refuse`: new connections are reset.
 */
export type FaultMode = "pass" | "stall" | "buffer" | "refuse";

/** A TCP proxy in front of a server, whose path a test breaks. */
export interface FaultProxy {
  readonly url: string;
  /** For bytes from now on, on connections that are open too. */
  setMode(mode: FaultMode): void;
  /** Resets every open connection. Returns how many there were. */
  cut(): number;
  /** The server behind moved. */
  setTarget(port: number): void;
  close(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  /** Bytes to the client that a buffering proxy keeps. */
  kept: Buffer[];
}

export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const links = new Set<Link>();
  let mode: FaultMode = "pass";
  let target = targetPort;

  const listener = createServer((client) => {
    if (mode === "refuse") {
      client.resetAndDestroy();
      return;
    }
    accept(client);
  });

  function accept(client: Socket): void {
    const server = dial({ host: "127.0.0.1", port: target });
    const link: Link = { client, server, kept: [] };
    links.add(link);
    client.on("data", (bytes: Buffer) => {
      if (mode !== "stall") server.write(bytes);
    });
    server.on("data", (bytes: Buffer) => toClient(link, bytes));
    server.on("end", () => {
      flush(link);
      client.end();
    });
    client.on("end", () => server.end());
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => {
        links.delete(link);
        other.destroy();
      });
    }
  }

  function toClient(link: Link, bytes: Buffer): void {
    if (mode === "stall") return;
    if (mode === "buffer") link.kept.push(bytes);
    else link.client.write(bytes);
  }

  function flush(link: Link): void {
    for (const bytes of link.kept) link.client.write(bytes);
    link.kept = [];
  }

  return {
    url: `http://127.0.0.1:${await listen(listener)}`,
    setMode(next) {
      mode = next;
      if (mode === "pass") for (const link of links) flush(link);
    },
    cut() {
      const open = [...links];
      for (const { client, server } of open) {
        client.resetAndDestroy();
        server.destroy();
      }
      return open.length;
    },
    setTarget(port) {
      target = port;
    },
    close() {
      for (const { client, server } of links) {
        client.destroy();
        server.destroy();
      }
      return new Promise((resolve) => listener.close(() => resolve()));
    },
  };
}

function listen(listener: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const address = listener.address();
      if (typeof address === "object" && address) resolve(address.port);
    });
  });
}
