import { callBetween, ended, openNodePerson } from "../support/node-people.ts";
import { startRelayedStack } from "../support/relayed-stack.ts";
import type { Figure, FigureResult, Note } from "./figure.ts";
import { spread } from "./statistics.ts";

export const relayUdp = relaySetup("udp");
export const relayTcp = relaySetup("tcp");

function relaySetup(transport: "udp" | "tcp"): Figure {
  return {
    name: `relay-setup-${transport}`,
    what: `Calls of two who both allow nothing but a TURN server over ${transport.toUpperCase()}: how many connect, and how soon.`,
    runs: 50,
    measure: (runs, note) => measure(transport, runs, note),
  };
}

async function measure(transport: "udp" | "tcp", runs: number, note: Note): Promise<FigureResult> {
  await using cleanup = new AsyncDisposableStack();
  const stack = await startRelayedStack({ transport });
  cleanup.defer(stack.close);
  const common = { serverUrl: stack.server.url, relayOnly: true };
  const caller = await openNodePerson({ ...common, name: "caller" });
  cleanup.defer(async () => caller.close());
  const callee = await openNodePerson({ ...common, name: "callee", autoAccept: "audio" });
  cleanup.defer(async () => callee.close());
  const liveAfterMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    try {
      liveAfterMs.push(await callBetween([caller, callee]));
    } catch (error) {
      note(String(error));
    }
    caller.peerline.hangUp();
    await Promise.all([ended(caller), ended(callee)]);
  }
  return { calls: runs, connected: liveAfterMs.length, ...spread("live", liveAfterMs) };
}
