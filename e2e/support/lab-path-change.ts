import type { LabNetwork, Nat } from "../lab/network.ts";
import { startMeter } from "./lab-meter.ts";
import { type LabStack, serverHost } from "./lab-stack.ts";

/** Alice at home and Bob at the office, each behind a router of this kind. */
export const apart = (nat: Nat): LabNetwork => ({
  publicHosts: [serverHost],
  sites: [
    { name: "home", nat, hosts: ["alice"] },
    { name: "office", nat, hosts: ["bob"] },
  ],
});

/** How long media was away, in ms, by the packets that arrived at either host. */
export interface MediaGap {
  readonly toAliceMs: number;
  readonly toBobMs: number;
  /** Wall clock, in ms, of the change. */
  readonly changedAt: number;
}

/** PROTOCOL 4.2, R11: a path that dies and nobody says so. */
export const worstGapMs = 15_000;
const nextAddress = "192.168.1.99";
const measuredWithinMs = 30_000;

/** Gives Alice's host another address in the middle of a call. `pids`: any process on each host. */
export async function changeAddressOfAlice(
  stack: LabStack,
  pids: { readonly alice: number; readonly bob: number },
): Promise<MediaGap> {
  const [atAlice, atBob] = [startMeter(pids.alice), startMeter(pids.bob)];
  try {
    await Promise.all([atAlice.steady(), atBob.steady()]);
    const changedAt = Date.now();
    const since = atAlice.now();
    stack.lab.move("alice", nextAddress);
    const [toAliceMs, toBobMs] = await Promise.all([
      atAlice.outage(since, measuredWithinMs),
      atBob.outage(since, measuredWithinMs),
    ]);
    return { toAliceMs, toBobMs, changedAt };
  } finally {
    atAlice.stop();
    atBob.stop();
  }
}
