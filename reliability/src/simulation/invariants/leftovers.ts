import type { World } from "../world.ts";

/** 24: no call, no device, no connection. To be asked when every call is over. */
export function leftovers({ tabs, peers, server }: World): readonly string[] {
  const found = tabs.flatMap((tab) => {
    const life = tab.life();
    if (!life) return [];
    const held = life.media.held();
    return [
      ...(held > 0 ? [`24: ${tab.name} holds devices for ${held} calls`] : []),
      ...(life.line.open() > idleExchanges ? [`24: ${tab.name} has ${life.line.open()} exchanges open`] : []),
    ];
  });
  if (peers.open() > 0) found.push(`24: ${peers.open()} connections are open`);
  for (const [user, { calls }] of server.current().ledger.users) {
    if (calls.length > 0) found.push(`30: ${user} is busy by a ghost`);
  }
  return found;
}

/** The stream and one request. */
const idleExchanges = 2;
