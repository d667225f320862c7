import type { CallRecord } from "@peerline/call-machine/record";
import type { MomentOf } from "../history.ts";
import type { Tab } from "../tab.ts";
import type { World } from "../world.ts";
import { callIds, phases } from "./lifecycle.ts";
import { recordsOf, wasLost, wasResynced } from "./loss.ts";

type Part = "caller" | "winner" | "other";

/**
 * 7: every call has one reason, and what each person reads goes with it. By the record's end: what each part may say of it
 * when it was told. A call that a server forgot while it was open may have been decided by each server anew.
 */
const told: Readonly<Record<string, Readonly<Record<Part, readonly string[]>>>> = {
  "cancelled by caller": { caller: [], winner: [], other: ["cancelled"] },
  "cancelled by server": { caller: ["cancelled"], winner: [], other: ["cancelled"] },
  "declined by callee": { caller: ["declined"], winner: [], other: ["declined", "declined-elsewhere"] },
  "busy by callee": { caller: ["busy"], winner: [], other: ["busy", "declined-elsewhere"] },
  "busy by server": { caller: ["busy"], winner: [], other: ["busy"] },
  "replaced by caller": { caller: ["replaced"], winner: [], other: ["replaced"] },
  "no-answer by server": { caller: ["no-answer"], winner: [], other: ["no-answer"] },
  "unreachable by server": { caller: ["unreachable"], winner: [], other: ["unreachable"] },
};

/** What a part may have found out or decided by itself before it heard. */
const own: Readonly<Record<Part, readonly string[]>> = {
  caller: ["cancelled by me", "glare by server"],
  winner: [],
  other: ["declined by me", "hung-up by me", "answered-elsewhere by server"],
};

/**
 * What no ticket carries, of a call that was lost: a caller that was reloaded has no offer to invite with again, and who comes
 * back late finds the other one in another call.
 */
const ofTheLost: Readonly<Record<Part, readonly string[]>> = {
  caller: ["unreachable by server", "busy by server"],
  winner: ["busy by server"],
  other: [],
};

/**
 * Of a callee's page that rang, or waited for the word to its accept, and then had a snapshot without the call in the place of
 * its end. PROTOCOL 2.3 row 23.
 */
const afterWindow = "no-answer by server";

/** Of a call that the server never had. */
const unborn = ["cancelled by me", "glare by server", "unreachable by server", "busy by server"];

/** What the two who talk may find each: their words cross on the way. */
const ofTheTalk = ["hung-up", "media-lost", "peer-lost", "connect-failed", "negotiation-failed"];

export function reasonsAgree(world: World): readonly string[] {
  return callIds(world).flatMap((callId) => {
    const records = recordsOf(world, callId);
    const isAllowed = wasLost(world, callId) ? fitsAny : fitsFirst;
    return world.tabs.flatMap((tab) => {
      const seen = phases(world).filter((moment) => moment.tab === tab.name && moment.callId === callId);
      const end = seen.at(-1);
      if (end?.phase !== "ended" || isAllowed(records, tab, end)) return [];
      if (wordsOf(end) === afterWindow && !isTalk(seen) && wasResynced(world, end)) return [];
      const known = records.map(({ reason, by }) => `"${reason} by ${by}"`).join(", then ") || "none";
      return [`7: ${tab.name} reads "${end.reason} by ${end.by}", the record ${known}`];
    });
  });
}

/** A server that forgot a call only when it was over has told everyone. */
function fitsFirst([record]: readonly CallRecord[], tab: Tab, end: MomentOf<"phase">): boolean {
  return record ? fits(record, tab, end) : unborn.includes(wordsOf(end));
}

/** Of a call that was lost each server may have decided anew. */
function fitsAny(records: readonly CallRecord[], tab: Tab, end: MomentOf<"phase">): boolean {
  return records.some(
    (record) =>
      fits(record, tab, end) ||
      record.reason === end.reason ||
      ofTheLost[partOf(record, tab)].includes(wordsOf(end)),
  );
}

function fits(record: CallRecord, tab: Tab, end: MomentOf<"phase">): boolean {
  const part = partOf(record, tab);
  const reason = end.reason ?? "";
  if (own[part].includes(wordsOf(end))) return true;
  if (record.accepted && part !== "other" && (reason === record.reason || ofTheTalk.includes(reason)))
    return true;
  return told[`${record.reason} by ${record.by}`]?.[part].includes(reason) ?? false;
}

/** A caller, or a callee whose accept was confirmed. */
function isTalk(seen: readonly MomentOf<"phase">[]): boolean {
  return seen.some(({ phase }) => phase === "dialing" || phase === "connecting" || phase === "live");
}

function wordsOf({ reason, by }: MomentOf<"phase">): string {
  return `${reason} by ${by}`;
}

function partOf(record: CallRecord, { key }: Tab): Part {
  if (record.caller.key === key) return "caller";
  return record.accepted?.key === key ? "winner" : "other";
}

/** 33: one whose own call gave way to a crossing one was in that other call. */
export function glareKeepsOne(world: World): readonly string[] {
  return phases(world)
    .filter(({ reason }) => reason === "glare")
    .flatMap(({ tab, life, callId }) => {
      const others = phases(world).filter(
        (moment) => moment.tab === tab && moment.life === life && moment.callId !== callId,
      );
      return others.length > 0 ? [] : [`33: the call of ${tab} gave way to none`];
    });
}
