import type { MediaKind } from "../types.ts";
import type { CallView } from "../view.ts";
import type { World, WorldEndpoint } from "./world.ts";

const kinds: readonly MediaKind[] = ["audio", "video", "data"];

/** What may happen to an endpoint at a moment: each with how likely it is chosen. */
type Deed = readonly [weight: number, run: () => void];

export interface Temper {
  /** Streams break. Default true. */
  readonly interruptions?: boolean;
  /** Mailboxes are lost. Default false. */
  readonly losses?: boolean;
}

/** One person does one thing that the screen allows, or something happens to the network. */
export function actAtRandom(world: World, who: WorldEndpoint, temper: Temper = {}): void {
  const deeds = [...personalDeeds(world, who), ...mishaps(world, who, temper)];
  let left = world.random.next() * deeds.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, run] of deeds) {
    left -= weight;
    if (left > 0) continue;
    run();
    return;
  }
}

function personalDeeds(world: World, who: WorldEndpoint): readonly Deed[] {
  const call = who.call();
  return !call || call.phase === "ended" ? [dial(world, who)] : inCall(world, who, call);
}

function dial(world: World, who: WorldEndpoint): Deed {
  const others = world.endpoints.map(({ user }) => user).filter((user) => user !== who.user);
  const user = world.random.pick(others);
  const callee = { user, displayName: user };
  return [3, () => who.session.dial(callee, world.random.pick(kinds), world.callId())];
}

function inCall({ random }: World, { session }: WorldEndpoint, { callId, can }: CallView): readonly Deed[] {
  return [
    [can.accept ? 5 : 0, () => session.send(callId, { type: "user.accept", kind: random.pick(kinds) })],
    [can.accept ? 1 : 0, () => session.send(callId, { type: "user.silence" })],
    [can.decline ? 2 : 0, () => session.send(callId, { type: "user.decline" })],
    [can.hangUp ? 2 : 0, () => session.send(callId, { type: "user.hangUp" })],
    [can.setSources ? 1 : 0, () => session.send(callId, { type: "user.setCamera", on: random.chance(0.5) })],
  ];
}

const longestInterruptionMs = 8_000;
const longestGapMs = 4_000;

function mishaps(
  world: World,
  who: WorldEndpoint,
  { interruptions = true, losses = false }: Temper,
): readonly Deed[] {
  const { random, clock, peers } = world;
  const callId = who.call()?.callId ?? "";
  const breakMedia = () => {
    peers.interrupt(callId);
    clock.setTimer(clock.now() + random.between(1, longestGapMs), () => peers.restore(callId));
  };
  const loseMailbox = () => {
    who.endpoint.forget();
    who.link.interrupt(random.between(1, longestInterruptionMs));
  };
  return [
    [interruptions ? 1 : 0, () => who.link.interrupt(random.between(1, longestInterruptionMs))],
    [interruptions ? 1 : 0, breakMedia],
    [losses ? 1 : 0, loseMailbox],
  ];
}
