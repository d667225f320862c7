import { expect, test } from "@playwright/test";
import { startCoturn } from "../../support/coturn.ts";
import { finishedCall } from "../../support/lab-events.ts";
import { startNode } from "../../support/lab-programs.ts";
import { serverIsReady, startServerThere } from "../../support/lab-stack.ts";
import { freePort } from "../../support/stack.ts";

const host = "127.0.0.1";
const bot = "apps/bot/src/main.ts";

for (const transport of ["udp", "tcp"] as const) {
  test(`two who hide their addresses talk through the relay over ${transport.toUpperCase()}`, async () => {
    await using cleanup = new AsyncDisposableStack();
    const coturn = await startCoturn({ host, port: await freePort(), allowLoopback: true });
    cleanup.defer(coturn.stop);
    const port = await freePort();
    const server = startServerThere([], {
      host,
      port,
      turn: coturn,
      stun: false,
      turnTransports: [transport],
    });
    cleanup.defer(server.stop);
    await server.line(serverIsReady);
    const common = ["--server", `http://${host}:${port}`, "--relay-only", "--json"];
    const echo = startNode([], bot, ["echo", ...common]);
    cleanup.defer(echo.stop);
    await echo.line(/"event":"online"/);
    const caller = startNode([], bot, ["call", "echo", ...common, "--talk", "1s"]);
    cleanup.defer(caller.stop);
    const report = await finishedCall(caller);
    test.info().annotations.push({ type: "call", description: JSON.stringify(report) });
    expect(report).toMatchObject({
      path: "relayed",
      pair: "relay relay udp",
      relayProtocol: transport,
    });
  });
}
