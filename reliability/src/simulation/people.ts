import type { CallView, MediaKind } from "@peerline/call-machine";
import type { Tab } from "./tab.ts";
import type { World } from "./world.ts";

/** What may happen at a moment, with how likely it is chosen. */
type Deed = readonly [weight: number, name: string, run: () => void];

/** Which disasters a run may have besides what people do. */
export interface Temper {
  /** Pages are reloaded, closed, crash, sign out. */
  readonly pages: boolean;
  /** Networks go and come, media stops. */
  readonly networks: boolean;
  /** The server is killed or drained. */
  readonly servers: boolean;
}

const kinds: readonly MediaKind[] = ["audio", "video", "data"];

/** Somebody does one thing that the screen allows, or something happens to the tab, its network or the server. */
export function actAtRandom(world: World, tab: Tab, temper: Temper): void {
  const deeds = tab.life() ? [...personal(world, tab), ...mishaps(world, tab, temper)] : [];
  let left = world.random.next() * deeds.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, name, run] of deeds) {
    left -= weight;
    if (left > 0) continue;
    world.note(tab.name, `>> ${name}`);
    run();
    return;
  }
}

function personal(world: World, tab: Tab): readonly Deed[] {
  const call = tab.call();
  return !call || call.phase === "ended" ? [dial(world, tab)] : inCall(world, tab, call);
}

function dial({ random, tabs }: World, tab: Tab): Deed {
  const others = tabs.map(({ user }) => user).filter((user) => user !== tab.user);
  return [6, "dials", () => void tab.dial(random.pick(others), random.pick(kinds))];
}

function inCall({ random }: World, tab: Tab, { callId, can }: CallView): readonly Deed[] {
  const session = tab.session();
  return [
    [can.accept ? 8 : 0, "accepts", () => tab.accept(random.pick(kinds))],
    [can.accept ? 1 : 0, "silences", () => session.send(callId, { type: "user.silence" })],
    [can.decline ? 3 : 0, "declines", tab.decline],
    [can.hangUp ? 3 : 0, "hangs up", tab.hangUp],
    [
      can.setSources ? 1 : 0,
      "mutes",
      () => session.send(callId, { type: "user.setMicrophone", on: random.chance(1 / 2) }),
    ],
  ];
}

const longestOutageMs = 8_000;
const longestGapMs = 4_000;
const longestReloadMs = 4_000;
const longestFreezeMs = 12_000;
const longestRestartMs = 6_000;

function mishaps(world: World, tab: Tab, { pages, networks, servers }: Temper): readonly Deed[] {
  return [
    ...(networks ? networkMishaps(world, tab) : []),
    ...(pages ? pageMishaps(world, tab) : []),
    ...(servers ? serverMishaps(world) : []),
  ];
}

function networkMishaps({ clock, random, peers, totals }: World, tab: Tab): readonly Deed[] {
  const line = tab.line();
  const callId = tab.call()?.callId ?? "";
  const soon = (ms: number, run: () => void) => void clock.setTimer(clock.now() + random.between(1, ms), run);
  const pause = () => {
    totals.outages += 1;
    line.pause();
  };
  return [
    [
      1,
      "is offline for a while",
      () => {
        pause();
        soon(longestOutageMs, line.resume);
      },
    ],
    [
      1,
      "changes networks",
      () => {
        pause();
        line.cut();
        soon(longestGapMs, () => {
          line.resume();
          if (tab.life()?.line === line) tab.session().networkChanged();
        });
      },
    ],
    [1, "loses its connections", line.cut],
    [
      1,
      "hears nothing for a while",
      () => {
        peers.interrupt(callId);
        soon(longestGapMs, () => peers.restore(callId));
      },
    ],
  ];
}

function pageMishaps({ clock, random, totals }: World, tab: Tab): readonly Deed[] {
  const back = () => {
    totals.reloads += 1;
    clock.setTimer(clock.now() + random.between(1, longestReloadMs), tab.open);
  };
  const reload = (how: "page-gone" | "crash" | "vanish") => () => {
    tab.close(how);
    back();
  };
  return [
    [1, "reloads", reload("page-gone")],
    [0.5, "crashes and comes back", reload("crash")],
    [0.3, "loses power and comes back", reload("vanish")],
    [0.4, "closes the page", () => tab.close("page-gone")],
    [0.3, "crashes", () => tab.close("crash")],
    [0.3, "signs out", () => tab.close("sign-out")],
    [
      0.5,
      "freezes",
      () => {
        tab.freeze();
        clock.setTimer(clock.now() + random.between(1, longestFreezeMs), tab.thaw);
      },
    ],
  ];
}

function serverMishaps({ clock, random, server }: World): readonly Deed[] {
  const back = () => {
    clock.setTimer(clock.now() + random.between(1, longestRestartMs), () => {
      if (!server.isUp()) void server.start();
    });
  };
  return [
    [
      server.isUp() ? 1 : 0,
      "sees the server killed",
      () => {
        server.kill();
        back();
      },
    ],
    [
      server.isUp() && !server.isDraining() ? 0.5 : 0,
      "sees the server drained",
      () => void server.drain().then(back),
    ],
  ];
}
