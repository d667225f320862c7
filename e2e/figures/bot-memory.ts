import { measureBareMemory, measureBotMemory } from "../support/memory.ts";
import { startServer } from "../support/stack.ts";
import type { Figure } from "./figure.ts";

const warmUp = 20;
const perCallMs = 5_000;
const mebibyte = 1024 * 1024;

/** PROTOCOL 4.2, R14. `runs`: calls. */
export const botMemory: Figure = {
  name: "bot-memory",
  what: `Calls in a row between two bots of one process: what is left after the last, against after the first ${warmUp}; then as many bare pairs of libwebrtc's connections, whose objects Node never frees. Without V8's compilers, whose code grows for longer.`,
  runs: 500,
  async measure(runs) {
    const run = { calls: runs, warmUp, withinMs: runs * perCallMs };
    const server = await startServer([]);
    try {
      const { before, after } = await measureBotMemory({ serverUrl: server.url, ...run });
      const grown = after.heapBytes - before.heapBytes;
      const bare = await measureBareMemory(run);
      const bareGrown = bare.after.heapBytes - bare.before.heapBytes;
      return {
        calls: runs,
        heapBeforeKiB: Math.round(before.heapBytes / 1024),
        heapAfterKiB: Math.round(after.heapBytes / 1024),
        heapGrowthPercent: percent(grown, before.heapBytes),
        heapGrowthBeyondLibraryPercent: percent(grown - bareGrown, before.heapBytes),
        heapBytesPerCall: Math.round(grown / (runs - warmUp)),
        heapBytesPerBarePair: Math.round(bareGrown / (runs - warmUp)),
        residentBeforeMiB: Math.round(before.residentBytes / mebibyte),
        residentAfterMiB: Math.round(after.residentBytes / mebibyte),
        threadsBefore: before.threads ?? "not known",
        threadsAfter: after.threads ?? "not known",
        openConnections: after.openConnections,
        resourcesBefore: listed(before.resources),
        resourcesAfter: listed(after.resources),
      };
    } finally {
      await server.program.stop();
    }
  },
};

function percent(part: number, whole: number): number {
  return Math.round((part / whole) * 1000) / 10;
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}
