import { callBetween, ended, openNodePerson } from "../support/node-people.ts";
import { type Holdings, settledHoldings } from "./holdings.ts";

/**
 * `node --expose-gc calls.ts <calls> <calls before the baseline> <server URL>`: calls in a row between two people of this
 * process. Prints one line of JSON: what was left after the first ones and after the last.
 */
const [calls = "0", warmUp = "0", serverUrl = ""] = process.argv.slice(2);

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

function settled(): Promise<Holdings> {
  return settledHoldings(() => people.reduce((sum, one) => sum + one.openConnections().length, 0));
}
