import { ended, type NodePerson } from "../support/node-people.ts";
import { type MortalServer, startMortalServer } from "../support/stack.ts";
import type { Figure } from "./figure.ts";
import { openPair } from "./server-killed-talking.ts";
import { spread } from "./statistics.ts";

type Outcome = "answered" | "ended" | "ghost";

/** Ringing that has neither become a call nor an end by then is a ghost. PROTOCOL 4.2, R9. */
const cleanlyWithinMs = 10_000;

/** PROTOCOL 4.2, R9; race 83. */
export const killedRinging: Figure = {
  name: "server-killed-ringing",
  what: "kill -9 of the server while a call rings, and a new one at its address: does it ring on and can it be answered, or end within 10 s.",
  runs: 100,
  async measure(runs, note) {
    await using cleanup = new AsyncDisposableStack();
    const server = await startMortalServer();
    cleanup.defer(server.stop);
    const outcomes: Outcome[] = [];
    const liveAfterMs: number[] = [];
    for (let run = 0; run < runs; run++) {
      await using people = new AsyncDisposableStack();
      const pair = await openPair(server.url, `rung-${run}`, people, false);
      const outcome = await killOnce(server, pair, liveAfterMs);
      outcomes.push(outcome);
      if (outcome !== "answered") note(`kill ${run + 1}: ${outcome} ${pair.map(shown).join(" ")}`);
      if ((run + 1) % 10 === 0) note(`${run + 1} of ${runs}`);
    }
    const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
    return {
      kills: runs,
      rangOnAndAnswered: count("answered"),
      endedCleanly: count("ended"),
      ghosts: count("ghost"),
      ...spread("acceptToLive", liveAfterMs),
    };
  },
};

async function killOnce(
  server: MortalServer,
  [caller, callee]: readonly [NodePerson, NodePerson],
  liveAfterMs: number[],
): Promise<Outcome> {
  caller.peerline.dial(callee.name, "audio");
  await callee.reached("rung", ({ call }) => call?.phase === "incoming");
  await caller.reached("ringing", ({ call }) => call?.phase === "ringing");
  await server.kill();
  await Promise.all([caller, callee].map((one) => one.reached("cut off", ({ link }) => link !== "online")));
  await server.revive();
  await callee.reached("online again", ({ link }) => link === "online");
  const acceptedAt = performance.now();
  callee.peerline.accept("audio");
  const settled = await Promise.allSettled(
    [caller, callee].map((one) =>
      one.reached(
        "settled",
        ({ call }) => call === undefined || call.phase === "live" || call.phase === "ended",
        cleanlyWithinMs,
      ),
    ),
  );
  const phases = settled.map((one) => (one.status === "fulfilled" ? one.value.call?.phase : "ghost"));
  const outcome = outcomeOf(phases);
  if (outcome === "answered") liveAfterMs.push(performance.now() - acceptedAt);
  if (outcome === "ghost") return outcome;
  caller.peerline.hangUp();
  await Promise.all([ended(caller), ended(callee)]);
  return outcome;
}

function shown({ name, peerline }: NodePerson): string {
  const { link, call } = peerline.view();
  return JSON.stringify({ name, link, phase: call?.phase, end: call?.end });
}

function outcomeOf(phases: readonly (string | undefined)[]): Outcome {
  if (phases.every((phase) => phase === "live")) return "answered";
  return phases.every((phase) => phase === undefined || phase === "ended") ? "ended" : "ghost";
}
