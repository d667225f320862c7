import { setTimeout as delay } from "node:timers/promises";
import { type Program, startProgram } from "../support/processes.ts";
import { type MortalServer, startMortalServer } from "../support/stack.ts";
import type { Figure } from "./figure.ts";
import { histogram, spread } from "./statistics.ts";

const processes = 2;
const startWithinMs = 120_000;
const downMs = 1_000;
const binMs = 100;

/** PROTOCOL 4.2, R15. `runs`: how many sessions. */
export const storm: Figure = {
  name: "storm",
  what: "kill -9 of a server with idle sessions, down for a second: until each has its Hello from the next one, counted from when that is ready.",
  runs: 1_000,
  async measure(runs, note) {
    await using cleanup = new AsyncDisposableStack();
    const server = await startMortalServer(["--log-level", "warn"]);
    cleanup.defer(server.stop);
    const clients = await Promise.all(
      Array.from({ length: processes }, (_, index) => startClients(server, runs / processes, index, cleanup)),
    );
    note(`${runs} sessions are online`);
    await server.kill();
    await delay(downMs);
    await server.revive();
    const readyAt = Date.now();
    const answers = await Promise.all(clients.map((one) => askAbout(one, readyAt)));
    const hellos = answers.flatMap((answer) => answer.hellos);
    return {
      sessions: runs,
      resumedWithin10s: hellos.filter((atMs) => atMs <= 10_000).length,
      ...spread("hello", hellos),
      hellosPer100Ms: histogram(hellos, binMs),
      attemptsPer100Ms: histogram(
        answers.flatMap((answer) => answer.attempts),
        binMs,
      ),
    };
  },
};

async function startClients(
  server: MortalServer,
  count: number,
  index: number,
  cleanup: AsyncDisposableStack,
): Promise<Program> {
  const clients = startProgram("e2e/programs/storm-clients.ts", [server.url, String(count), `storm${index}`]);
  cleanup.defer(() => clients.stop());
  await clients.line(/^ready$/, startWithinMs);
  return clients;
}

async function askAbout(
  clients: Program,
  sinceMs: number,
): Promise<{ readonly attempts: readonly number[]; readonly hellos: readonly number[] }> {
  clients.write(`${sinceMs}\n`);
  return JSON.parse(await clients.line(/^{"attempts"/, startWithinMs));
}
