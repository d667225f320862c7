import type { CallRecord } from "@peerline/call-machine/record";
import type { MomentOf } from "../history.ts";
import type { World } from "../world.ts";
import { isForgotten, recordsOf, wasLost } from "./loss.ts";

type Phase = MomentOf<"phase">;

const talking = new Set(["connecting", "live", "reconnecting"]);

/** 1: at most one callee endpoint is in a call at a time; of one whose record was lost, once everything is quiet. */
export function oneCalleeTalks(world: World): readonly string[] {
  const lost = new Set(callIds(world).filter((callId) => wasLost(world, callId)));
  const now = new Map<string, string>();
  const found = [...lost].flatMap((callId) => doubled(world, callId, calleesNow(world, callId)));
  for (const { tab, callId, phase } of phases(world)) {
    if (lost.has(callId)) continue;
    const isCallee = recordsOf(world, callId)[0]?.caller.key !== keyOf(world, tab);
    const name = `${callId} ${tab}`;
    if (isCallee && talking.has(phase)) now.set(name, callId);
    else now.delete(name);
    const inCall = [...now.values()].filter((other) => other === callId).length;
    if (inCall > 1) found.push(`1: ${inCall} endpoints of the callee are in ${callId.slice(0, 6)}`);
  }
  return found;
}

function calleesNow(world: World, callId: string): readonly string[] {
  const record = world.record(callId);
  return world.tabs
    .filter((tab) => tab.life() && tab.key !== record?.caller.key)
    .filter((tab) =>
      tab
        .session()
        .view()
        .calls.some((call) => call.callId === callId && talking.has(call.phase)),
    )
    .map(({ name }) => name);
}

function doubled(_world: World, callId: string, names: readonly string[]): readonly string[] {
  return names.length > 1 ? [`1: ${names.join(" and ")} are in ${callId.slice(0, 6)}`] : [];
}

/** 2: the caller talks to the endpoint that the record names. */
export function callerTalksToWinner(world: World): readonly string[] {
  return callIds(world).flatMap((callId) => {
    const record = world.record(callId);
    const isCallerLive = liveIn(world, callId).includes(record?.caller.key ?? "");
    const callees = liveIn(world, callId).filter((key) => key !== record?.caller.key);
    if (!isCallerLive || callees.length === 0 || callees.includes(record?.accepted?.key ?? "")) return [];
    return [`2: the caller of ${callId.slice(0, 6)} talks to another endpoint than the record's`];
  });
}

function liveIn({ tabs }: World, callId: string): readonly string[] {
  return tabs
    .filter((tab) =>
      tab
        .life()
        ?.session.view()
        .calls.some((call) => call.callId === callId && call.phase === "live"),
    )
    .map(({ key }) => key);
}

/** 3: what has ended stays so; what only a server's lost memory ended may come back. */
export function endedIsTheEnd(world: World): readonly string[] {
  const found: string[] = [];
  const ended = new Map<string, Phase>();
  for (const moment of phases(world)) {
    const name = `${moment.tab} ${moment.life} ${moment.callId}`;
    const before = ended.get(name);
    if (before && !isForgotten(world, before)) {
      found.push(`3: ${moment.tab} is ${moment.phase} after the end of ${moment.callId.slice(0, 6)}`);
    }
    if (moment.phase === "ended") ended.set(name, moment);
  }
  return [
    ...found,
    ...histories(world)
      .filter(leavesEnded)
      .map(([last]) => `3: the record of ${last?.callId} came back`),
  ];
}

function leavesEnded(history: readonly CallRecord[]): boolean {
  const first = history.findIndex(({ phase }) => phase === "ended");
  return first >= 0 && history.slice(first).some(({ phase }) => phase !== "ended");
}

/** 4: the revision grows with each change. */
export function revisionsGrow(world: World): readonly string[] {
  return histories(world)
    .filter((history) => history.some(({ rev }, index) => index > 0 && rev <= (history[index - 1]?.rev ?? 0)))
    .map(([first]) => `4: the revision of ${first?.callId.slice(0, 6)} does not grow`);
}

/** 30: no call needed its lease while both its pages were there all the time. */
export function noRescueByLease(world: World): readonly string[] {
  const wasThere = (key: string | undefined) =>
    world.tabs.some((tab) => tab.key === key && tab.life()?.number === 1);
  return histories(world)
    .flatMap((history) => history.slice(-1))
    .filter(({ reason, by }) => reason === "peer-lost" && by === "server")
    .filter(({ caller, accepted }) => wasThere(caller.key) && wasThere(accepted?.key))
    .map(({ callId }) => `30: ${callId.slice(0, 6)} was ended by its lease`);
}

/** 12: an endpoint talks in one call. */
export function oneCallAtATime(world: World): readonly string[] {
  const now = new Map<string, Set<string>>();
  const found: string[] = [];
  for (const { tab, life, callId, phase } of phases(world)) {
    const name = `${tab} ${life}`;
    const calls = now.get(name) ?? new Set<string>();
    now.set(name, calls);
    if (talking.has(phase)) calls.add(callId);
    else calls.delete(callId);
    if (calls.size > 1) found.push(`12: ${tab} talks in ${calls.size} calls`);
  }
  return found;
}

export function phases({ history }: World): readonly Phase[] {
  return history.filter((moment) => moment.type === "phase");
}

export function callIds(world: World): readonly string[] {
  return [...new Set(phases(world).map(({ callId }) => callId))];
}

/** Every record of every server, each with its states in order. */
export function histories({ server }: World): readonly (readonly CallRecord[])[] {
  return server.lives.flatMap(({ ledger }) => [...ledger.calls.values()]);
}

export function keyOf({ tabs }: World, name: string): string | undefined {
  return tabs.find((tab) => tab.name === name)?.key;
}
