import type { EndedBy, EndReason, MediaStateSignal } from "../types.ts";
import { type CallContext, wantedSources } from "./context.ts";
import type { CallCommand, CallEffect, ControlSignal } from "./effects.ts";
import { type CallEvent, type CallTimerId, callTimerIds } from "./events.ts";

interface Situation {
  readonly context: CallContext;
  readonly event: CallEvent;
}

/** An action of the chart that has effects. */
function run(make: (situation: Situation) => readonly CallEffect[]) {
  return { type: "run" as const, params: make };
}

function signal(make: (situation: Situation) => readonly CallCommand[]) {
  return run((situation) => make(situation).map((command) => ({ type: "signal", command })));
}

function first<T extends CallEvent["type"]>(event: CallEvent, ...types: T[]) {
  return types.includes(event.type as T) ? (event as Extract<CallEvent, { type: T }>) : undefined;
}

export const openMedia = run(({ context }) => [{ type: "media.open", ...wantedSources(context) }]);

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
function answeringPeer({ offer, held, remoteFingerprints }: CallContext): readonly CallEffect[] {
  return [
    {
      type: "peer.open",
      polite: true,
      offer: false,
      generation: offer?.generation ?? 1,
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

/** Nothing is sent to a device that nobody has answered on yet. */
export const applyEarlyAnswer = run(({ event }) => {
  const alerting = first(event, "remote.alerting");
  return alerting?.answer
    ? [
        { type: "peer.setSending", on: false },
        { type: "peer.apply", description: alerting.answer },
      ]
    : [];
});

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
  const described = first(event, "peer.described");
  return described ? [{ type: "describe", description: described.description }] : [];
});

export const sendCandidates = signal(({ event }) => {
  const gathered = first(event, "peer.candidates");
  return gathered ? [{ type: "candidates", candidates: gathered.candidates }] : [];
});

export const applyAnswer = run(({ event }) => {
  const accepted = first(event, "remote.accepted");
  return accepted?.answer ? [{ type: "peer.apply", description: accepted.answer }] : [];
});

/** What the peer sent while the stream was lost; the peer connection knows what it has already. PROTOCOL D4. */
export const applySynced = run(({ event }) => {
  const call = first(event, "server.synced")?.call;
  return [
    ...(call?.descriptions ?? []).map((description) => ({ type: "peer.apply" as const, description })),
    ...(call?.candidates ?? []).map((candidates) => ({ type: "peer.addCandidates" as const, candidates })),
  ];
});

export const applyDescription = run(({ event }) => {
  const described = first(event, "remote.described");
  return described ? [{ type: "peer.apply", description: described.description }] : [];
});

/** Those that come while it rings, to a connection that is open already. */
export const addCandidatesEarly = run(({ context, event }) => {
  const trickled = first(event, "remote.candidates");
  if (!trickled || !context.earlyAnswer) return [];
  return [{ type: "peer.addCandidates", candidates: trickled.candidates }];
});

export const addCandidates = run(({ event }) => {
  const trickled = first(event, "remote.candidates");
  return trickled ? [{ type: "peer.addCandidates", candidates: trickled.candidates }] : [];
});

export const restartIce = run(() => [{ type: "peer.restartIce" }]);

export const setSources = run(({ event }) => {
  const microphone = first(event, "user.setMicrophone");
  if (microphone) return [{ type: "media.setMicrophone", on: microphone.on }];
  const camera = first(event, "user.setCamera");
  return camera ? [{ type: "media.setCamera", on: camera.on }] : [];
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

/** Media flows only while neither side holds. PROTOCOL 1.6, row 50. */
export const applyHold = run(({ context, event }) => {
  const held = context.remoteMedia?.onHold ?? false;
  if (event.type === "user.setHold") return [{ type: "peer.setSending", on: !event.on && !held }];
  const state = first(event, "remote.mediaState", "peer.mediaState")?.state;
  if (!state || state.onHold === held) return [];
  return [{ type: "peer.setSending", on: !state.onHold && !context.onHold }];
});

function isHeld({ onHold, remoteMedia }: CallContext): boolean {
  return onHold || remoteMedia?.onHold === true;
}

export const closeAll = run(() => [
  { type: "peer.close" },
  { type: "media.close" },
  ...callTimerIds.map((id) => ({ type: "timer.stop" as const, id })),
]);

const durations: Record<CallTimerId, (context: CallContext) => number> = {
  result: ({ timers }) => timers.resultMs,
  ring: ({ ringRemainingMs, timers }) => ringRemainingMs + timers.ringGuardMs,
  connectHalf: ({ timers }) => timers.connectHalfMs,
  connect: ({ timers }) => timers.connectMs,
  interrupted: ({ timers }) => timers.interruptedMs,
  restart: ({ timers }) => timers.restartMs,
  renew: ({ timers }) => timers.renewMs,
  recover: ({ timers, extended }) => (extended ? timers.recoverLongMs - timers.recoverMs : timers.recoverMs),
  window: ({ timers }) => timers.windowMs,
};

export function start(...ids: CallTimerId[]) {
  return run(({ context }) =>
    ids.map((id) => ({ type: "timer.start" as const, id, afterMs: durations[id](context) })),
  );
}

/** An ICE restart that failed, and was not only without news. */
export const restartSoon = run(({ context }) => [
  { type: "timer.start", id: "restart", afterMs: context.timers.retryMs },
]);

export function stop(...ids: CallTimerId[]) {
  return run(() => ids.map((id) => ({ type: "timer.stop" as const, id })));
}

/** The call is over here, and nobody needs to be told. */
export function endedQuietly(reason: EndReason, by: EndedBy) {
  return { target: "#call.ended", actions: [{ type: "end", params: { reason, by } }] } as const;
}

/** The same for a call that the server forgot: if its caller brings it back, it rings again. PROTOCOL 2.3 row 23. */
export const endedUntilAgain = {
  target: "#call.ended",
  actions: [{ type: "end", params: { reason: "no-answer", by: "server" } }, "mayRingAgain"],
} as const;

/** The call is over here, and the server is told `reason`. */
export function ended(reason: EndReason, by: EndedBy) {
  return {
    target: "#call.ended",
    actions: [
      { type: "end", params: { reason, by } },
      signal(({ context }) => [endCommand(context, reason)]),
    ],
  } as const;
}

/** The same with a word over the control channel, which works while the server is away. PROTOCOL D9. */
export function endedWithBye(reason: EndReason, by: EndedBy) {
  const bye: ControlSignal = { type: "bye", reason };
  return {
    target: "#call.ended",
    actions: [
      { type: "end", params: { reason, by } },
      run(({ context }) => [
        { type: "peer.say", signal: bye },
        { type: "signal", command: endCommand(context, reason) },
      ]),
    ],
  } as const;
}

function endCommand({ ticket }: CallContext, reason: EndReason): CallCommand {
  return { type: "end", reason, ...(ticket ? { ticket } : {}) };
}

/** The server forgot the call, and may have lost what was on its way between the peers. PROTOCOL 2.3 row 33, 1.6. */
export const reattach = run(({ context }) => [
  ...(context.ticket
    ? [{ type: "signal" as const, command: { type: "reattach" as const, ticket: context.ticket } }]
    : []),
  { type: "peer.resend" },
]);

export const resend = run(() => [{ type: "peer.resend" }]);

/** Someone else said that it is over. */
export const endedAsTold = { target: "#call.ended", actions: "endAsTold" } as const;

/** The peer or the connection said so; the server is told too, which is idempotent. */
export const endedAsToldAndTell = {
  target: "#call.ended",
  actions: ["endAsTold", signal(({ context }) => [endCommand(context, context.ending?.reason ?? "hung-up")])],
} as const;

/** The server's snapshot does not have this endpoint in the call any more. */
export const endedAsSynced = {
  target: "#call.ended",
  actions: [
    {
      type: "end",
      params: ({ event }: Situation) => ({
        reason: first(event, "server.synced")?.call?.endReason ?? ("answered-elsewhere" as const),
        by: "server" as const,
      }),
    },
  ],
} as const;
