import type { Page } from "@playwright/test";
import { countOpenConnections } from "./probes.ts";
import { startCommand } from "./processes.ts";

/** What was held before and after many calls. */
export interface BotMemory {
  readonly before: BotHoldings;
  readonly after: BotHoldings;
}

interface BotHoldings {
  readonly heapBytes: number;
  readonly openConnections: number;
  readonly resources: Readonly<Record<string, number>>;
}

/** PROTOCOL 4.2, R14 in short: more than this is a leak. */
export const heapGrowthAllowed = 0.1;

/** Calls in a row between two bots of one process; `before` is after the first `warmUp`. */
export async function measureBotMemory(options: {
  readonly serverUrl: string;
  readonly calls: number;
  readonly warmUp: number;
  readonly withinMs: number;
}): Promise<BotMemory> {
  const { serverUrl, calls, warmUp, withinMs } = options;
  const program = startCommand([
    process.execPath,
    "--expose-gc",
    "e2e/programs/calls.ts",
    ...[serverUrl, String(calls), String(warmUp)],
  ]);
  try {
    return JSON.parse(await program.line(/^{"before"/, withinMs));
  } finally {
    await program.stop("SIGKILL");
  }
}

/** What a tab holds after its garbage was collected. */
export interface TabHoldings {
  readonly heapBytes: number;
  readonly openConnections: number;
}

export async function measureTab(page: Page): Promise<TabHoldings> {
  const devtools = await page.context().newCDPSession(page);
  try {
    await devtools.send("HeapProfiler.enable");
    await devtools.send("HeapProfiler.collectGarbage");
    const { usedSize } = await devtools.send("Runtime.getHeapUsage");
    return { heapBytes: usedSize, openConnections: await countOpenConnections(page) };
  } finally {
    await devtools.detach();
  }
}
