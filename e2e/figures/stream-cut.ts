import { setTimeout as delay } from "node:timers/promises";
import { openBareSession } from "../support/bare-session.ts";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { startServer } from "../support/stack.ts";
import type { Figure } from "./figure.ts";
import { spread } from "./statistics.ts";

const sessions = 25;
/** A stream that lived for ten seconds starts the backoff over: cuts in a quick row would measure the backoff. */
const betweenCutsMs = 10_500;
const backWithinMs = 10_000;

/** PROTOCOL 4.2, R5. */
export const streamCut: Figure = {
  name: "stream-cut",
  what: "From a reset of every TCP connection of a session in a call until its next Hello, on one machine.",
  runs: 200,
  async measure(runs, note) {
    await using cleanup = new AsyncDisposableStack();
    const server = await startServer([]);
    cleanup.defer(() => server.program.stop());
    const cutsEach = Math.ceil(runs / sessions);
    const measured = await Promise.all(
      Array.from({ length: sessions }, async (_, index) => {
        await delay((index * betweenCutsMs) / sessions);
        return cutRepeatedly(server.port, `cut-${index}`, cutsEach, cleanup);
      }),
    );
    const all = measured.flat();
    note(`${all.length} cuts`);
    return {
      cuts: all.length,
      resumed: all.filter(({ resumed }) => resumed).length,
      ...spread(
        "resumed",
        all.map(({ afterMs }) => afterMs),
      ),
    };
  },
};

async function cutRepeatedly(
  port: number,
  user: string,
  cuts: number,
  cleanup: AsyncDisposableStack,
): Promise<readonly { readonly afterMs: number; readonly resumed: boolean }[]> {
  const proxy = await startFaultProxy(port);
  cleanup.defer(proxy.close);
  const session = openBareSession({ serverUrl: proxy.url, user, busy: true });
  cleanup.defer(async () => session.stop());
  await session.helloAfter(0, backWithinMs);
  const measured = [];
  for (let cut = 0; cut < cuts; cut++) {
    await delay(betweenCutsMs);
    const cutAt = performance.now();
    proxy.cut();
    const { atMs, resumed } = await session.helloAfter(cutAt, backWithinMs);
    measured.push({ afterMs: atMs - cutAt, resumed });
  }
  return measured;
}
