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
  readonly residentBytes: number;
  readonly threads?: number;
  readonly openConnections: number;
  readonly resources: Readonly<Record<string, number>>;
}

/** PROTOCOL 4.2, R14 in short: more than this is a leak. */
export const heapGrowthAllowed = 0.1;

/**
 * V8 keeps compiling for hundreds of calls, and what it makes is on the heap that is measured. Without its compilers, that
 * heap holds what the program keeps.
 */
export const interpreterOnly: readonly string[] = ["--no-opt", "--no-maglev", "--no-sparkplug"];

interface MeasuredRun {
  readonly calls: number;
  readonly warmUp: number;
  readonly withinMs: number;
}

/** Calls in a row between two bots of one process; `before` is after the first `warmUp`. */
export function measureBotMemory({
  serverUrl,
  ...run
}: MeasuredRun & { readonly serverUrl: string }): Promise<BotMemory> {
  return measure("e2e/programs/calls.ts", run, [serverUrl]);
}

/** As many pairs of bare connections: what libwebrtc for Node costs by itself. */
export function measureBareMemory(run: MeasuredRun): Promise<BotMemory> {
  return measure("e2e/programs/bare-connections.ts", run, []);
}

async function measure(
  path: string,
  { calls, warmUp, withinMs }: MeasuredRun,
  rest: readonly string[],
): Promise<BotMemory> {
  const flags = ["--expose-gc", ...interpreterOnly];
  const program = startCommand([process.execPath, ...flags, path, String(calls), String(warmUp), ...rest]);
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
