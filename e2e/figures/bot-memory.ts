import { measureBotMemory } from "../support/memory.ts";
import { startServer } from "../support/stack.ts";
import type { Figure } from "./figure.ts";

const warmUp = 20;
const perCallMs = 5_000;

/** PROTOCOL 4.2, R14. `runs`: calls. */
export const botMemory: Figure = {
  name: "bot-memory",
  what: `Calls in a row between two bots of one process: what is left after the last, against after the first ${warmUp}.`,
  runs: 500,
  async measure(runs) {
    const server = await startServer([]);
    try {
      const { before, after } = await measureBotMemory({
        serverUrl: server.url,
        calls: runs,
        warmUp,
        withinMs: runs * perCallMs,
      });
      return {
        calls: runs,
        heapBeforeKiB: Math.round(before.heapBytes / 1024),
        heapAfterKiB: Math.round(after.heapBytes / 1024),
        heapGrowthPercent: Math.round((after.heapBytes / before.heapBytes - 1) * 1000) / 10,
        openConnections: after.openConnections,
        resourcesBefore: JSON.stringify(before.resources),
        resourcesAfter: JSON.stringify(after.resources),
      };
    } finally {
      await server.program.stop();
    }
  },
};
