import { type Coturn, startCoturn } from "./coturn.ts";
import { freePort, startTunedServer, type TestServer } from "./stack.ts";

/** A server and the TURN server it hands out, both on this machine. */
export interface RelayedStack {
  readonly server: TestServer;
  readonly coturn: Coturn;
  close(): Promise<void>;
}

export interface RelayedOptions {
  readonly transport: "udp" | "tcp";
  /** How long the TURN credentials can make new allocations. Default: the server's. */
  readonly credentialMs?: number;
}

const host = "127.0.0.1";

export async function startRelayedStack({ transport, credentialMs }: RelayedOptions): Promise<RelayedStack> {
  const coturn = await startCoturn({ host, port: await freePort(), allowLoopback: true });
  try {
    const server = await startTunedServer({
      ice: {
        stunUrls: [],
        turnUrls: [`turn:${coturn.address}?transport=${transport}`],
        turnSecret: coturn.secret,
      },
      timers: credentialMs === undefined ? {} : { iceCredentialMs: credentialMs },
    });
    return {
      server,
      coturn,
      async close() {
        await server.program.stop();
        await coturn.stop();
      },
    };
  } catch (error) {
    await coturn.stop();
    throw error;
  }
}
