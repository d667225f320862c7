import { existsSync, readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const roundMs = 200;
const stillRounds = 5;
const threadList = "/proc/self/task";

/** What this process holds. */
export interface Holdings {
  readonly heapBytes: number;
  /** Of the process as the system sees it. */
  readonly residentBytes: number;
  /** Undefined where the system does not tell. */
  readonly threads: number | undefined;
  readonly openConnections: number;
  /** Timers, sockets and the like, by Node's names for them. */
  readonly resources: Readonly<Record<string, number>>;
}

/**
 * Goodbyes are said for a moment, connections are closed by threads: what is left once nothing goes away any more. Needs
 * `--expose-gc`.
 */
export async function settledHoldings(countOpenConnections: () => number): Promise<Holdings> {
  let last = await holdings(countOpenConnections);
  for (let still = 0; still < stillRounds; ) {
    await delay(roundMs);
    const next = await holdings(countOpenConnections);
    still = sameKinds(last, next) ? still + 1 : 0;
    last = next;
  }
  return last;
}

async function holdings(countOpenConnections: () => number): Promise<Holdings> {
  await collectAll();
  await new Promise(setImmediate);
  await collectAll();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  const { heapUsed, rss } = process.memoryUsage();
  return {
    heapBytes: heapUsed,
    residentBytes: rss,
    threads: existsSync(threadList) ? readdirSync(threadList).length : undefined,
    openConnections: countOpenConnections(),
    resources,
  };
}

/** With the code that is not in use: an ordinary collection keeps it for a while, and the baseline would be too high. */
async function collectAll(): Promise<void> {
  await globalThis.gc?.({ type: "major", execution: "async", flavor: "last-resort" });
}

function sameKinds(one: Holdings, other: Holdings): boolean {
  return (
    JSON.stringify([one.openConnections, one.resources]) ===
    JSON.stringify([other.openConnections, other.resources])
  );
}
