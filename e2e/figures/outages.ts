import { setTimeout as delay } from "node:timers/promises";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { callBetween, ended, type NodePerson, openNodePerson } from "../support/node-people.ts";
import { startSoundMeter } from "../support/sound-meter.ts";
import { startMortalServer } from "../support/stack.ts";
import type { Figure, FigureResult } from "./figure.ts";
import { spread } from "./statistics.ts";

const minuteMs = 60_000;

interface Outage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** PROTOCOL race 82, 90. `runs`: minutes without a server. */
export const serverDownMinute: Figure = {
  name: "server-down-60s",
  what: "The server is killed during a call and back after a minute: does the call go on, does sound stop, when is signaling back.",
  runs: 1,
  async measure(runs) {
    await using cleanup = new AsyncDisposableStack();
    const server = await startMortalServer();
    cleanup.defer(server.stop);
    const people = await openTwo(cleanup, server.url, server.url);
    return await measure(people, runs, { begin: server.kill, end: server.revive });
  },
};

/** PROTOCOL races 58 and 61: the lease of 60 s runs out meanwhile. */
export const offlineMinute: Figure = {
  name: "offline-60s",
  what: "One side of a call has no path to the server for a minute: does the call go on, does sound stop, when is signaling back.",
  runs: 1,
  async measure(runs) {
    await using cleanup = new AsyncDisposableStack();
    const server = await startMortalServer();
    cleanup.defer(server.stop);
    const proxy = await startFaultProxy(Number(new URL(server.url).port));
    cleanup.defer(proxy.close);
    const people = await openTwo(cleanup, proxy.url, server.url);
    return await measure(people, runs, {
      async begin() {
        proxy.setMode("refuse");
        proxy.cut();
      },
      async end() {
        proxy.setMode("pass");
      },
    });
  },
};

type Two = readonly [NodePerson, NodePerson];

async function openTwo(cleanup: AsyncDisposableStack, callerUrl: string, calleeUrl: string): Promise<Two> {
  const caller = await openNodePerson({ serverUrl: callerUrl, name: "caller" });
  cleanup.defer(async () => caller.close());
  const callee = await openNodePerson({ serverUrl: calleeUrl, name: "callee", autoAccept: "audio" });
  cleanup.defer(async () => callee.close());
  return [caller, callee];
}

async function measure(people: Two, runs: number, outage: Outage): Promise<FigureResult> {
  let wentOn = 0;
  let packetsLost = 0;
  const silenceMs: number[] = [];
  const backMs: number[] = [];
  for (let run = 0; run < runs; run++) {
    await callBetween(people);
    const meters = await Promise.all(people.map(startSoundMeter));
    await outage.begin();
    await delay(minuteMs);
    await outage.end();
    const overAt = performance.now();
    await Promise.all(people.map((one) => one.reached("online again", ({ link }) => link === "online")));
    backMs.push(performance.now() - overAt);
    const heard = await Promise.all(meters.map((meter) => meter.stop()));
    silenceMs.push(...heard.map(({ longestSilenceMs }) => longestSilenceMs));
    packetsLost += heard.reduce((sum, { lost }) => sum + lost, 0);
    if (people.every(({ peerline }) => peerline.view().call?.phase === "live")) wentOn += 1;
    people[0].peerline.hangUp();
    await Promise.all(people.map((one) => ended(one)));
  }
  return {
    outages: runs,
    callsThatWentOn: wentOn,
    packetsLost,
    ...spread("silence", silenceMs),
    ...spread("signalingBack", backMs),
  };
}
