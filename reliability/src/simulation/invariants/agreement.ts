import type { CallRecord } from "@peerline/call-machine/record";
import type { Tab } from "../tab.ts";
import type { World } from "../world.ts";

/**
 * Nothing is open that someone would have to wait for: every page that is there is online, each of its calls is live, and
 * the server and both sides say the same of each call. PROTOCOL invariants 29, 30.
 */
export function isQuiet(world: World): boolean {
  return unrest(world).length === 0;
}

/** What is still under way, or stuck. */
export function unrest(world: World): readonly string[] {
  if (!world.server.isUp() || world.server.isDraining()) return ["the server is away"];
  if (world.underWay() > 0) return [`${world.underWay()} messages are on their way`];
  const records = liveRecords(world);
  return [
    ...world.tabs.flatMap((tab) => unrestOf(world, tab)),
    ...records.filter(({ phase }) => phase === "ringing").map(({ callId }) => `${short(callId)} still rings`),
    ...records.filter(({ phase }) => phase === "active").flatMap((record) => partiesAway(world, record)),
  ];
}

/** The calls that the server holds as ringing or active. */
export function liveRecords({ server }: World): readonly CallRecord[] {
  return [...server.current().ledger.calls.values()]
    .flatMap((history) => history.slice(-1))
    .filter(({ phase }) => phase !== "ended");
}

function unrestOf(world: World, tab: Tab): readonly string[] {
  const life = tab.life();
  if (!life) return [];
  const { link, calls } = life.session.view();
  const found = link === "online" || link === "stopped" ? [] : [`${tab.name} is ${link}`];
  if (life.line.waiting() > 0) found.push(`${tab.name} waits for an answer`);
  for (const { callId, phase } of calls) {
    const record = world.record(callId);
    const isParty = record?.caller.key === tab.key || record?.accepted?.key === tab.key;
    if (phase !== "live") found.push(`${tab.name} is ${phase} in ${short(callId)}`);
    else if (record?.phase !== "active" || !isParty) {
      found.push(
        `${tab.name} is live in ${short(callId)}, which is ${record?.phase ?? "unknown"} at the server`,
      );
    }
  }
  return found;
}

/** A party of an active call that is not in it: a ghost. */
function partiesAway({ tabs }: World, { callId, caller, accepted }: CallRecord): readonly string[] {
  return [caller.key, accepted?.key].flatMap((key) => {
    const tab = tabs.find((one) => one.key === key);
    const calls = tab?.life()?.session.view().calls ?? [];
    if (calls.some((call) => call.callId === callId && call.phase === "live")) return [];
    return [`${short(callId)} is active at the server and ${tab?.name} is not in it`];
  });
}

function short(callId: string): string {
  return callId.slice(0, 6);
}
