import type { World } from "../world.ts";
import { histories } from "./lifecycle.ts";
import { isForgotten } from "./loss.ts";

/** 5: nobody rings for a call that has ended for them. */
export function noRingAfterTheEnd(world: World): readonly string[] {
  const found: string[] = [];
  const over = new Set<string>();
  for (const moment of world.history) {
    if (moment.type !== "phase" && moment.type !== "ring") continue;
    const name = `${moment.tab} ${moment.life} ${moment.callId}`;
    if (moment.type === "ring" && over.has(name)) {
      found.push(`5: ${moment.tab} rings for ${moment.callId.slice(0, 6)}, which is over`);
    }
    if (moment.type === "phase" && moment.phase === "ended" && !isForgotten(world, moment)) over.add(name);
  }
  return found;
}

/**
 * 6: a ring starts once for each endpoint and call. A page that was reloaded may show it again, and so may one that had given
 * the call up because the server forgot it (PROTOCOL 2.3 row 23).
 */
export function ringsOnce(world: World): readonly string[] {
  const count = new Map<string, number>();
  for (const moment of world.history) {
    if (moment.type !== "ring" && moment.type !== "phase") continue;
    const name = `${moment.tab} ${moment.life} ${moment.callId.slice(0, 6)}`;
    if (moment.type === "ring") count.set(name, (count.get(name) ?? 0) + 1);
    else if (moment.phase === "ended" && isForgotten(world, moment)) count.delete(name);
  }
  return [...count].filter(([, rings]) => rings > 1).map(([name, rings]) => `6: ${name} rang ${rings} times`);
}

const ringMs = 60_000;
const slackMs = 5_000;

/** 32: no invitation waits for longer than its ring and five seconds of the server's time. */
export function ringsEnd(world: World): readonly string[] {
  return histories(world).flatMap((history) => {
    const [first] = history;
    const decided = history.find(({ phase }) => phase !== "ringing");
    const until = decided?.acceptedAt ?? decided?.endedAt ?? world.clock.now();
    const isLost = !decided && world.server.current().ledger.calls.get(first?.callId ?? "") !== history;
    const waitedMs = until - (first?.createdAt ?? until);
    return !isLost && waitedMs > ringMs + slackMs
      ? [`32: ${first?.callId.slice(0, 6)} rang for ${waitedMs} ms`]
      : [];
  });
}
