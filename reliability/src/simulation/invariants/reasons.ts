import type { CallRecord } from "@peerline/call-machine/record";
import type { MomentOf } from "../history.ts";
import type { Tab } from "../tab.ts";
import type { World } from "../world.ts";
import { callIds, phases } from "./lifecycle.ts";

type Part = "caller" | "winner" | "other";

/**
 * 7: every call has one reason, and what each person reads goes with it. By the record's end: what each part may say of it
 * when it was told. A server that forgot the call once has told no one, so then only the words that both may say are held
 * against each other.
 */
const told: Readonly<Record<string, Readonly<Record<Part, readonly string[]>>>> = {
  "cancelled by caller": { caller: [], winner: [], other: ["cancelled"] },
  "cancelled by server": { caller: ["cancelled"], winner: [], other: ["cancelled"] },
  "declined by callee": { caller: ["declined"], winner: [], other: ["declined", "declined-elsewhere"] },
  "busy by callee": { caller: ["busy"], winner: [], other: ["busy", "declined-elsewhere"] },
  "busy by server": { caller: ["busy"], winner: [], other: ["busy"] },
  "no-answer by server": { caller: ["no-answer"], winner: [], other: ["no-answer"] },
  "unreachable by server": { caller: ["unreachable"], winner: [], other: ["unreachable"] },
};

/** What a part may have found out or decided by itself before it heard. */
const own: Readonly<Record<Part, readonly string[]>> = {
  caller: ["cancelled by me", "hung-up by me", "hung-up by them", "glare by server", "unreachable by server"],
  winner: ["hung-up by me", "hung-up by them", "declined by me"],
  other: [
    "declined by me",
    "hung-up by me",
    "no-answer by server",
    "answered-elsewhere by server",
    "replaced by server",
  ],
};

/** Of a call that the server never had. */
const unborn = ["cancelled by me", "glare by server", "unreachable by server", "busy by server"];

/** Dialed after a reload, before the snapshot brought the call of the life before: one endpoint places one call at a time. */
const unbornAfterReload = "not-allowed by server";

const ofTheMedia = ["media-lost", "peer-lost", "connect-failed", "negotiation-failed"];

export function reasonsAgree(world: World): readonly string[] {
  if (world.server.lives.length > 1) return [];
  return callIds(world).flatMap((callId) => {
    const record = world.record(callId);
    return world.tabs.flatMap((tab) => {
      const end = phases(world).findLast(
        (moment) => moment.tab === tab.name && moment.callId === callId && moment.phase === "ended",
      );
      return end && !isAllowed(record, tab, end)
        ? [
            `7: ${tab.name} reads "${end.reason} by ${end.by}", the record "${record?.reason} by ${record?.by}"`,
          ]
        : [];
    });
  });
}

function isAllowed(record: CallRecord | undefined, tab: Tab, end: MomentOf<"phase">): boolean {
  const words = `${end.reason} by ${end.by}`;
  if (!record) return unborn.includes(words) || (end.life > 1 && words === unbornAfterReload);
  const part = partOf(record, tab);
  if (own[part].includes(words)) return true;
  if (
    record.accepted &&
    part !== "other" &&
    (end.reason === record.reason || ofTheMedia.includes(end.reason ?? ""))
  )
    return true;
  return told[`${record.reason} by ${record.by}`]?.[part].includes(end.reason ?? "") ?? false;
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
