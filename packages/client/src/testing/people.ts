import { afterAll, afterEach, beforeAll } from "vitest";
import type { Peerline, PeerlineOptions, PeerlineView } from "../peerline.ts";
import { nodePeerline, until } from "./node-peerline.ts";

/** A server for tests. */
interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The people of one test file, and the server that they are on. */
export interface People {
  /** Where the server listens; from the first test on. */
  serverUrl(): string;
  /** Signs in, and is there when the link is. */
  online(user: string, options?: Partial<PeerlineOptions>): Promise<Peerline>;
  /** The caller and the callee, in a call that is live for both; `options` are the callee's. */
  inCall(
    caller: string,
    callee: string,
    options?: Partial<PeerlineOptions>,
  ): Promise<readonly [Peerline, Peerline]>;
  /** Closes one that was made elsewhere with the others. */
  keep(peerline: Peerline): void;
}

/** To be called at the top of a test file: one server for it, and everyone closed after each test. */
export function peopleOnServer(start: () => Promise<TestServer>): People {
  let server: TestServer;
  const open: Peerline[] = [];

  beforeAll(async () => {
    server = await start();
  });
  afterEach(() => {
    for (const peerline of open.splice(0)) peerline.close();
  });
  afterAll(() => server.close());

  async function online(user: string, options: Partial<PeerlineOptions> = {}): Promise<Peerline> {
    const peerline = nodePeerline(server.url, user, options);
    open.push(peerline);
    await until(peerline, isOnline);
    return peerline;
  }

  return {
    serverUrl: () => server.url,
    online,
    async inCall(caller, callee, options) {
      const alice = await online(caller);
      const bob = await online(callee, options);
      alice.dial(callee, "audio");
      await until(bob, isRung);
      bob.accept();
      for (const peerline of [alice, bob]) await until(peerline, isLive);
      return [alice, bob];
    },
    keep: (peerline) => void open.push(peerline),
  };
}

/** Its stream to the server is there. */
export function isOnline({ link }: PeerlineView): boolean {
  return link === "online";
}

/** Someone calls. */
export function isRung({ call }: PeerlineView): boolean {
  return call?.phase === "incoming";
}

/** In a call, and connected. */
export function isLive({ call }: PeerlineView): boolean {
  return call?.phase === "live";
}
