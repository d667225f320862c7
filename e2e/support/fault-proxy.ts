import { createServer, connect as dial, type Server, type Socket } from "node:net";

/**
 * What happens to the bytes. `pass`: nothing. `stall`: connections, new ones too, stay open and swallow everything, both
 * ways. `refuse`: new connections are reset.
 */
export type FaultMode = "pass" | "stall" | "refuse";

/** A TCP proxy in front of a server, whose path a test breaks. */
export interface FaultProxy {
  readonly url: string;
  /** For bytes from now on, on connections that are open too. */
  setMode(mode: FaultMode): void;
  /** Resets every open connection. Returns how many there were. */
  cut(): number;
  /** The open connections swallow everything from now on and stay open, as a half-open path does. Returns how many. */
  strand(): number;
  /** The server behind moved. */
  setTarget(port: number): void;
  close(): Promise<void>;
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  isStranded: boolean;
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
    const link: Link = { client, server, isStranded: false };
    links.add(link);
    client.on("data", (bytes: Buffer) => {
      if (passes(link)) server.write(bytes);
    });
    server.on("data", (bytes: Buffer) => {
      if (passes(link)) client.write(bytes);
    });
    server.on("end", () => client.end());
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

  function passes({ isStranded }: Link): boolean {
    return mode !== "stall" && !isStranded;
  }

  return {
    url: `http://127.0.0.1:${await listen(listener)}`,
    setMode(next) {
      mode = next;
    },
    cut() {
      const open = [...links];
      for (const { client, server } of open) {
        client.resetAndDestroy();
        server.destroy();
      }
      return open.length;
    },
    strand() {
      for (const link of links) link.isStranded = true;
      return links.size;
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
