import { setTimeout as delay } from "node:timers/promises";
import { callBetween, ended, openNodePerson } from "../support/node-people.ts";

/**
 * `node --expose-gc calls.ts <server URL> <calls> <calls before the baseline>`: calls in a row between two people of this
 * process. Prints one line of JSON: what was left after the first ones and after the last.
 */
const [serverUrl = "", calls = "0", warmUp = "0"] = process.argv.slice(2);

const roundMs = 200;
const stillRounds = 5;

/** What a process holds. */
interface Holdings {
  readonly heapBytes: number;
  readonly openConnections: number;
  /** Timers, sockets and the like, by Node's names for them. */
  readonly resources: Readonly<Record<string, number>>;
}

const people = [
  await openNodePerson({ serverUrl, name: "caller" }),
  await openNodePerson({ serverUrl, name: "callee", autoAccept: "audio" }),
] as const;

// Node opens the pipe with the first line, and it is not the calls' doing.
process.stdout.write("calling\n");

let before: Holdings | undefined;
for (let call = 0; call < Number(calls); call++) {
  if (call === Number(warmUp)) before = await settled();
  await callBetween(people);
  people[0].peerline.hangUp();
  await Promise.all(people.map((one) => ended(one)));
}
process.stdout.write(`${JSON.stringify({ before, after: await settled() })}\n`);
process.exit();

/** Goodbyes are said for a moment, connections are closed by threads: what is left once nothing goes away any more. */
async function settled(): Promise<Holdings> {
  let last = await holdings();
  for (let still = 0; still < stillRounds; ) {
    await delay(roundMs);
    const next = await holdings();
    still = sameKinds(last, next) ? still + 1 : 0;
    last = next;
  }
  return last;
}

async function holdings(): Promise<Holdings> {
  globalThis.gc?.();
  await new Promise(setImmediate);
  globalThis.gc?.();
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  return {
    heapBytes: process.memoryUsage().heapUsed,
    openConnections: people.reduce((sum, one) => sum + one.openConnections().length, 0),
    resources,
  };
}

function sameKinds(one: Holdings, other: Holdings): boolean {
  return (
    JSON.stringify([one.openConnections, one.resources]) ===
    JSON.stringify([other.openConnections, other.resources])
  );
}
