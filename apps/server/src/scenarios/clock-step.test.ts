import { createConnectTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type PeerlineServer, startServer } from "../start-server.ts";
import { invite, newCallId } from "../testing/commands.ts";
import { openEndpoint } from "../testing/endpoint.ts";

const hourMs = 3_600_000;
const realNow = Date.now;

let server: PeerlineServer;
let sessions: Http2SessionManager;

beforeEach(async () => {
  server = await startServer({
    dev: true,
    port: 0,
    timers: { pingIdleMs: 30, pingBusyMs: 30, drainMs: 0, unreachableMs: 100, leaseMs: 100_000 },
    limits: { admission: { perSecond: 20, burst: 1 }, commands: { perSecond: 20, burst: 1 } },
  });
  sessions = new Http2SessionManager(server.url);
});
afterEach(async () => {
  vi.restoreAllMocks();
  sessions.abort();
  await server.close();
});

const transport = () =>
  createConnectTransport({ baseUrl: server.url, httpVersion: "2", sessionManager: sessions });

/** As a refused client does: asks again until it is let in. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  return await vi.waitFor(work, { interval: 60, timeout: 4_000 });
}

describe.each([
  ["back", -hourMs],
  ["forth", hourMs],
])("the wall clock is set an hour %s", (_name, stepMs) => {
  test("newcomers are let in, streams are pinged, commands flow, timers run", async () => {
    const ada = await eventually(() => openEndpoint(transport(), "ada"));
    await ada.frame("ping");
    vi.spyOn(Date, "now").mockImplementation(() => realNow() + stepMs);
    const bob = await eventually(() => openEndpoint(transport(), "bob"));
    const carl = await eventually(() => openEndpoint(transport(), "carl"));
    await ada.frame("ping");
    await bob.frame("ping");
    await eventually(() => carl.run(invite(newCallId(), "bob")));
    const { call } = await bob.event("incoming");
    expect(call?.remote?.user).toBe("carl");
    const shownAt = Number(bob.events.at(-1)?.at?.seconds) * 1_000;
    expect(Math.abs(shownAt - (realNow() + stepMs))).toBeLessThan(30_000);
  });
});
