import { createInterface } from "node:readline";
import { type BareSession, openBareSession } from "../support/bare-session.ts";

/**
 * `node storm-clients.ts <server URL> <number> <prefix>`: that many idle sessions. Prints `ready` when all have had a
 * Hello. Each line read is a moment of the wall clock in ms; when every session has had a Hello after it, prints one line
 * of JSON: after how many ms of it they attempted, and had the Hello.
 */
const [serverUrl = "", count = "0", prefix = ""] = process.argv.slice(2);
const patienceMs = 60_000;
/** Opened at once they would be a storm before the storm. */
const openAtOnce = 50;

const sessions: BareSession[] = [];
for (let index = 0; index < Number(count); index++) {
  sessions.push(openBareSession({ serverUrl, user: `${prefix}-${index}`, busy: false }));
  if (sessions.length % openAtOnce === 0) await everyHello(0);
}
await everyHello(0);
process.stdout.write("ready\n");

for await (const line of createInterface({ input: process.stdin })) {
  const since = Number(line) - performance.timeOrigin;
  const hellos = await everyHello(since);
  const after = (at: number) => Math.round(at - since);
  const attempts = sessions.flatMap((one) => one.attempts.filter((at) => at > since).map(after));
  process.stdout.write(`${JSON.stringify({ attempts, hellos: hellos.map(({ atMs }) => after(atMs)) })}\n`);
}
process.exit();

function everyHello(since: number) {
  return Promise.all(sessions.map((session) => session.helloAfter(since, patienceMs)));
}
