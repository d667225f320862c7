import { createWorld } from "@peerline/call-machine/testing";

/** Ana calls Ben over a link that loses a fifth of everything, in no time at all. */
export function callOverBadLink(seed: number): readonly string[] {
  const world = createWorld({
    seed,
    users: ["ana", "ben"],
    faults: { drop: 0.2, duplicate: 0.2, reorder: true },
  });
  const [ana, ben] = world.endpoints;
  if (!ana || !ben) return [];
  const callId = world.callId();
  ana.session.dial({ user: "ben", displayName: "Ben" }, "audio", callId);
  world.clock.advanceBy(10_000);
  ben.session.send(callId, { type: "user.accept", kind: "audio" });
  world.clock.advanceBy(10_000);
  ana.session.send(callId, { type: "user.hangUp" });
  world.settle();
  return [...(ana.phases.get(callId) ?? []), `${ben.ends.get(callId)?.reason}`];
}
