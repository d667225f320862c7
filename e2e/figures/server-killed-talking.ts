import { callBetween, ended, type NodePerson, openNodePerson } from "../support/node-people.ts";
import { startSoundMeter } from "../support/sound-meter.ts";
import { type MortalServer, startMortalServer } from "../support/stack.ts";
import type { Figure, Note } from "./figure.ts";
import { spread } from "./statistics.ts";

/** What one kill did to two calls: one that goes on, one that is hung up while there is no server. */
interface Killed {
  readonly goesOn: boolean;
  readonly lostPackets: number;
  readonly silenceMs: number;
  /** Without a kill, measured just before. */
  readonly usualSilenceMs: number;
  /** Of the later one of the two in a call, from the moment when the next server is ready. */
  readonly backAfterMs: number;
  /** The same of those without a call, who hurry less. */
  readonly idleBackAfterMs: number;
  readonly endedAfterMs: number;
}

type Pair = readonly [NodePerson, NodePerson];

/** Of each of the two measurements, with the server and without. */
const listenMs = 1_000;
const backWithinMs = 60_000;

/** PROTOCOL 4.2, R8; race 82. */
export const killedTalking: Figure = {
  name: "server-killed-talking",
  what: "kill -9 of the server during calls, and a new one at its address: do they go on, does sound stop, when is signaling back, does hanging up meanwhile end both sides.",
  runs: 100,
  async measure(runs, note) {
    await using cleanup = new AsyncDisposableStack();
    const server = await startMortalServer();
    cleanup.defer(server.stop);
    const kills: Killed[] = [];
    for (let run = 0; run < runs; run++) {
      await using people = new AsyncDisposableStack();
      const kept = await openPair(server.url, `kept-${run}`, people);
      const left = await openPair(server.url, `left-${run}`, people);
      kills.push(await killOnce(server, kept, left, note));
      if ((run + 1) % 10 === 0) note(`${run + 1} of ${runs}`);
    }
    const of = (value: (killed: Killed) => number) => kills.map(value);
    return {
      kills: kills.length,
      callsThatWentOn: kills.filter(({ goesOn }) => goesOn).length,
      packetsLost: of(({ lostPackets }) => lostPackets).reduce((sum, lost) => sum + lost, 0),
      ...spread(
        "silence",
        of(({ silenceMs }) => silenceMs),
      ),
      ...spread(
        "silenceWithoutKill",
        of(({ usualSilenceMs }) => usualSilenceMs),
      ),
      callsHungUpMeanwhile: kills.length,
      ...spread(
        "bothEnded",
        of(({ endedAfterMs }) => endedAfterMs),
      ),
      ...spread(
        "signalingBack",
        of(({ backAfterMs }) => backAfterMs),
      ),
    };
  },
};

/** Fresh for each kill: a session that was cut twice within ten seconds waits longer, and that is no figure of a kill. */
export async function openPair(
  serverUrl: string,
  prefix: string,
  cleanup: AsyncDisposableStack,
  autoAccept = true,
): Promise<Pair> {
  const caller = await openNodePerson({ serverUrl, name: `${prefix}-caller` });
  const callee = await openNodePerson({
    serverUrl,
    name: `${prefix}-callee`,
    ...(autoAccept ? { autoAccept: "audio" } : {}),
  });
  cleanup.defer(async () => {
    caller.close();
    callee.close();
  });
  return [caller, callee];
}

async function killOnce(server: MortalServer, kept: Pair, left: Pair, note: Note): Promise<Killed> {
  await Promise.all([callBetween(kept), callBetween(left)]);
  const usual = await listenTo(kept, async () => undefined);
  let endedAfterMs = Number.NaN;
  const heard = await listenTo(kept, async () => {
    await server.kill();
    const hungUpAt = performance.now();
    left[0].peerline.hangUp();
    await Promise.all(left.map((one) => ended(one)));
    endedAfterMs = performance.now() - hungUpAt;
  });
  await server.revive();
  const readyAt = performance.now();
  const back = async (pair: Pair) => {
    await Promise.all(
      pair.map((one) => one.reached("online again", ({ link }) => link === "online", backWithinMs)),
    );
    return performance.now() - readyAt;
  };
  const [backAfterMs, idleBackAfterMs] = await Promise.all([back(kept), back(left)]);
  const goesOn = kept.every(({ peerline }) => peerline.view().call?.phase === "live") && heard.packets > 0;
  if (!goesOn)
    note(`a call did not go on: ${JSON.stringify(kept.map(({ peerline }) => peerline.view().call))}`);
  kept[0].peerline.hangUp();
  await Promise.all(kept.map((one) => ended(one)));
  return {
    goesOn,
    lostPackets: heard.lost,
    silenceMs: heard.silenceMs,
    usualSilenceMs: usual.silenceMs,
    backAfterMs,
    idleBackAfterMs,
    endedAfterMs,
  };
}

/** What both sides hear for a second, from before `happen` to well after it. */
async function listenTo(
  pair: Pair,
  happen: () => Promise<void>,
): Promise<{ readonly packets: number; readonly lost: number; readonly silenceMs: number }> {
  const meters = await Promise.all(pair.map(startSoundMeter));
  await happen();
  await new Promise((resolve) => setTimeout(resolve, listenMs));
  const heard = await Promise.all(meters.map((meter) => meter.stop()));
  return {
    packets: Math.min(...heard.map(({ packets }) => packets)),
    lost: heard.reduce((sum, { lost }) => sum + lost, 0),
    silenceMs: Math.max(...heard.map(({ longestSilenceMs }) => longestSilenceMs)),
  };
}
