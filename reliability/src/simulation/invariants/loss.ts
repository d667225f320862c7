import type { CallRecord } from "@peerline/call-machine/record";
import type { Moment, MomentOf } from "../history.ts";
import type { ServerProcess } from "../server-process.ts";
import type { World } from "../world.ts";

/** The newest state of a call at each server that knew it, oldest server first. */
export function recordsOf({ server }: World, callId: string): readonly CallRecord[] {
  return server.lives.flatMap(({ ledger }) => ledger.calls.get(callId)?.slice(-1) ?? []);
}

/**
 * A server went, with all that it had in memory, while the call was open: at the server, or on a page that had still to hear
 * of its end. Every other call of a world with restarts is judged as if there had been none.
 */
export function wasLost(world: World, callId: string): boolean {
  return world.server.lives.some((life) => {
    const at = life.stoppedAt();
    return at !== undefined && isOpenAt(world, life, callId, at);
  });
}

function isOpenAt(world: World, { ledger }: ServerProcess, callId: string, at: number): boolean {
  const record = ledger.calls.get(callId)?.at(-1);
  if (record === undefined) return false;
  return record.phase !== "ended" || isOpenOnPages(world, callId, at) || isUnanswered(world, callId, at);
}

/** Also on one that begins with the call only after that, by a message of this server which was still on its way. */
function isOpenOnPages({ history }: World, callId: string, at: number): boolean {
  const open = new Set<string>();
  const greeted = new Set<string>();
  for (const moment of history) {
    const page = pageOf(moment);
    if (moment.at > at && open.size > 0) return true;
    if (moment.at > at && moment.type === "hello") greeted.add(page);
    if (moment.type === "closed") open.delete(page);
    if (moment.type !== "phase" || moment.callId !== callId || greeted.has(page)) continue;
    if (moment.phase === "ended") open.delete(page);
    else open.add(page);
  }
  return open.size > 0;
}

/** A page that invited and had no answer will ask the next server, which decides anew. */
function isUnanswered({ history }: World, callId: string, at: number): boolean {
  const asking = new Set<string>();
  for (const moment of history) {
    if (moment.at > at) break;
    if (moment.type === "closed") asking.delete(pageOf(moment));
    if (moment.type !== "command" && moment.type !== "result") continue;
    if (moment.action !== "invite" || moment.callId !== callId) continue;
    if (moment.type === "command") asking.add(pageOf(moment));
    else asking.delete(pageOf(moment));
  }
  return asking.size > 0;
}

function pageOf({ tab, life }: Moment): string {
  return `${tab} ${life}`;
}

/**
 * An end that the endpoint gave itself because the server did not show the call any more, though no server had ended it:
 * such a call leaves no tombstone and may come back. PROTOCOL 2.3 row 23, invariant 3.
 */
export function isForgotten(world: World, { callId, at, by }: MomentOf<"phase">): boolean {
  if (by !== "server") return false;
  const isKnown = recordsOf(world, callId).some(({ endedAt }) => endedAt !== undefined && endedAt <= at);
  return !isKnown || wasLost(world, callId);
}

/** Between the begin of the call on this page and its end there the page had a snapshot instead of what it had missed. */
export function wasResynced({ history }: World, end: MomentOf<"phase">): boolean {
  const ofPage = history.filter(({ tab, life, at }) => tab === end.tab && life === end.life && at <= end.at);
  const begin = ofPage.findIndex((moment) => moment.type === "phase" && moment.callId === end.callId);
  return ofPage.slice(begin).some((moment) => moment.type === "hello" && !moment.resumed);
}
