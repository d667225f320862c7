import { assertEvent } from "xstate";
import type { MediaStateSignal } from "../../types.ts";
import type { CallContext } from "../context.ts";
import type { CallCommand } from "../effects.ts";
import { run, signal } from "./step.ts";

export const sendInvite = signal(({ context }) =>
  context.described
    ? [
        {
          type: "invite",
          callee: context.remote.user,
          kind: context.kind,
          offer: context.described,
          ...boundBy(context),
        },
        ...context.gathered.map((candidates) => ({ type: "candidates" as const, candidates })),
      ]
    : [],
);

export const sendAccept = signal(({ context }) => acceptCommands(context));

/** For a server that lost the first one; the caller has nothing to repeat. */
export const acceptAgain = signal(({ context }) =>
  context.role === "callee" ? acceptCommands(context) : [],
);

function acceptCommands(context: CallContext): readonly CallCommand[] {
  const { kind, described, gathered } = context;
  if (!described) return [];
  return [
    { type: "accept", kind, answer: described, ...boundBy(context) },
    ...gathered.map((candidates) => ({ type: "candidates" as const, candidates })),
  ];
}

function boundBy({ fingerprints }: CallContext): { fingerprints?: readonly string[] } {
  return fingerprints ? { fingerprints } : {};
}

/** Where it is answered early, the answer goes with it. */
export const sendAlerting = signal(({ context }) => {
  if (!context.earlyAnswer) return [{ type: "alerting" }];
  return context.described ? [{ type: "alerting", answer: context.described }] : [];
});

export const sendDescription = signal(({ event }) => {
  assertEvent(event, "peer.described");
  return [{ type: "describe", description: event.description }];
});

export const sendCandidates = signal(({ event }) => {
  assertEvent(event, "peer.candidates");
  return [{ type: "candidates", candidates: event.candidates }];
});

/** Over both paths; the receiver keeps the higher revision. */
export const announceMedia = run(({ context }) => {
  const state = mediaStateOf(context);
  return [
    { type: "signal", command: { type: "mediaState", state } },
    { type: "peer.say", signal: { type: "mediaState", state } },
  ];
});

function mediaStateOf(context: CallContext): MediaStateSignal {
  return {
    revision: context.revision,
    microphone: context.media.microphone === "on",
    camera: context.media.camera === "on",
    onHold: context.onHold,
  };
}

/** The server forgot the call, and may have lost what was on its way between the peers. PROTOCOL 2.3 row 33, 1.6. */
export const reattach = run(({ context }) => [
  ...(context.ticket
    ? [{ type: "signal" as const, command: { type: "reattach" as const, ticket: context.ticket } }]
    : []),
  { type: "peer.resend" },
]);
