import { assertEvent } from "xstate";
import type { CallContext } from "../context.ts";
import type { CallEffect } from "../effects.ts";
import { run, type Situation } from "./step.ts";

export const openPeerWithOffer = run(() => [
  { type: "peer.open", polite: false, offer: true, generation: 1 },
]);

/** Unless it was made while it rang. */
export const openPeerWithAnswer = run(({ context }) => (context.earlyAnswer ? [] : answeringPeer(context)));

/** The connection is made, and nothing is sent over it before the accept. PROTOCOL 1.5. */
export const openPeerEarly = run(({ context }) =>
  context.earlyAnswer && !context.described
    ? [...answeringPeer(context), { type: "peer.setSending", on: false }]
    : [],
);

/** The callee is the polite side. PROTOCOL 1.6. */
function answeringPeer({ offer, generation, held, remoteFingerprints }: CallContext): readonly CallEffect[] {
  return [
    {
      type: "peer.open",
      polite: true,
      offer: false,
      generation,
      ...(remoteFingerprints ? { remoteFingerprints } : {}),
    },
    ...(offer ? [{ type: "peer.apply" as const, description: offer }] : []),
    ...held.map((candidates) => ({ type: "peer.addCandidates" as const, candidates })),
  ];
}

/** A new connection for the same call, with an offer of its own. PROTOCOL 1.6, rebuild. */
export const openRebuilt = run(({ context }) => newerPeer(context, true));

/** The next generation of the connection, once in a recovery. */
export const rebuild = ["nextGeneration" as const, openRebuilt] as const;

/** The peer's new connection gets one here too. */
export const follow = ["followGeneration" as const, run(({ context }) => newerPeer(context, false))] as const;

function newerPeer(context: CallContext, offer: boolean): readonly CallEffect[] {
  const { role, generation, remoteFingerprints } = context;
  const polite = role === "callee";
  const bound = remoteFingerprints ? { remoteFingerprints } : {};
  return [
    { type: "peer.open", polite, offer, generation, ...bound },
    ...(isHeld(context) ? [{ type: "peer.setSending" as const, on: false }] : []),
  ];
}

/** From the accept on; nothing changes for a connection that was not made early. */
export const startSending = run(({ context }) =>
  context.early || context.earlyAnswer ? [{ type: "peer.setSending", on: true }] : [],
);

/** Media flows only while neither side holds. PROTOCOL 1.6, row 50. */
export const applyHold = run(({ context, event }) => {
  assertEvent(event, ["user.setHold", "remote.mediaState", "peer.mediaState"]);
  const held = context.remoteMedia?.onHold ?? false;
  if (event.type === "user.setHold") return [{ type: "peer.setSending", on: !event.on && !held }];
  if (event.state.onHold === held) return [];
  return [{ type: "peer.setSending", on: !event.state.onHold && !context.onHold }];
});

function isHeld({ onHold, remoteMedia }: CallContext): boolean {
  return onHold || remoteMedia?.onHold === true;
}

/** Nothing is sent to a device that nobody has answered on yet. */
export const applyEarlyAnswer = run(({ event }) => {
  assertEvent(event, "remote.alerting");
  return event.answer
    ? [
        { type: "peer.setSending", on: false },
        { type: "peer.apply", description: event.answer },
      ]
    : [];
});

export const applyAnswer = run(({ event }) => {
  assertEvent(event, "remote.accepted");
  return event.answer ? [{ type: "peer.apply", description: event.answer }] : [];
});

/** What the peer sent while the stream was lost; the peer connection knows what it has already. PROTOCOL D4. */
export const applySynced = run(({ event }) => {
  assertEvent(event, "server.synced");
  const { call } = event;
  return [
    ...(call?.descriptions ?? []).map((description) => ({ type: "peer.apply" as const, description })),
    ...(call?.candidates ?? []).map((candidates) => ({ type: "peer.addCandidates" as const, candidates })),
  ];
});

export const applyDescription = run(({ event }) => {
  assertEvent(event, "remote.described");
  return [{ type: "peer.apply", description: event.description }];
});

/** Those that come while it rings, to a connection that is open already. */
export const addCandidatesEarly = run((situation) =>
  situation.context.earlyAnswer ? toldCandidates(situation) : [],
);

export const addCandidates = run(toldCandidates);

function toldCandidates({ event }: Situation): readonly CallEffect[] {
  assertEvent(event, "remote.candidates");
  return [{ type: "peer.addCandidates", candidates: event.candidates }];
}

export const restartIce = run(() => [{ type: "peer.restartIce" }]);

export const resend = run(() => [{ type: "peer.resend" }]);
