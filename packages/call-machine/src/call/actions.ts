import { assertEvent, assign, setup } from "xstate";
import { type CallContext, type CallInput, type CallOutput, wantedSources } from "./context.ts";
import type { CallEffect } from "./effects.ts";
import type { CallEvent } from "./events.ts";
import * as guards from "./guards.ts";
import { newestGeneration } from "./guards.ts";

/** Candidates that came before their connection: more than any that is honest sends. */
const maxHeldSignals = 64;

/** Every action and guard of the call chart by name. `run` is the only one with an effect: a runtime provides it. */
export const callSetup = setup({
  types: {} as {
    input: CallInput;
    context: CallContext;
    events: CallEvent;
    output: CallOutput;
    tags: "outgoing" | "incoming" | "established";
  },
  actions: {
    run: (_, _effects: readonly CallEffect[]) => {},
    end: assign((_, ending: NonNullable<CallContext["ending"]>) => ({ ending })),
    mayRingAgain: assign({ mayRingAgain: true }),
    endAsTold: assign(({ event }) => {
      if (event.type === "server.refused") return { ending: { reason: event.reason, by: "server" as const } };
      if (event.type === "peer.broken") return { ending: { reason: event.reason, by: "me" as const } };
      if (event.type === "peer.bye") return { ending: { reason: event.reason, by: "them" as const } };
      assertEvent(event, "remote.ended");
      return { rev: event.rev, ending: { reason: event.reason, by: event.by } };
    }),
    expectMedia: assign(({ context }) => {
      const wanted = wantedSources(context);
      return {
        media: {
          microphone: wanted.microphone ? ("opening" as const) : ("off" as const),
          camera: wanted.camera ? ("opening" as const) : ("off" as const),
        },
      };
    }),
    noteMedia: assign(({ event }) => {
      assertEvent(event, "media.changed");
      return { media: event.media, mediaSettled: true };
    }),
    noteDescription: assign(({ event }) => {
      assertEvent(event, "peer.described");
      return {
        described: event.description,
        ...(event.fingerprints ? { fingerprints: event.fingerprints } : {}),
      };
    }),
    keepCandidates: assign(({ context, event }) => {
      assertEvent(event, "peer.candidates");
      return { gathered: [...context.gathered, event.candidates] };
    }),
    holdRemoteCandidates: assign(({ context, event }) => {
      assertEvent(event, "remote.candidates");
      return { held: [...context.held, event.candidates].slice(0, maxHeldSignals) };
    }),
    noteRing: assign(({ event }) => {
      assertEvent(event, "server.invited");
      return { ringRemainingMs: event.ringRemainingMs, ...ticketOf(event) };
    }),
    noteTicket: assign(({ context, event }) => {
      assertEvent(event, "remote.accepted");
      return { rev: Math.max(context.rev, event.rev), ...ticketOf(event) };
    }),
    noteConfirmed: assign(({ event }) => {
      assertEvent(event, "server.accepted");
      return ticketOf(event);
    }),
    noteAlerting: assign(({ context, event }) => {
      assertEvent(event, "remote.alerting");
      return { rev: event.rev, early: event.answer ?? context.early };
    }),
    noteAccepted: assign(({ context, event }) => {
      assertEvent(event, "remote.accepted");
      const kind = context.role === "caller" ? event.kind : context.kind;
      const bound = event.fingerprints ? { remoteFingerprints: event.fingerprints } : {};
      return { rev: event.rev, kind, ...bound, ...ticketOf(event) };
    }),
    nextGeneration: assign(({ context, event }) => ({
      generation: Math.max(context.generation, generationIn(event)) + 1,
      rebuilt: true,
    })),
    followGeneration: assign(({ context, event }) => ({
      generation: newestGeneration(event, context.generation),
    })),
    /** The connection that was made while it rang is gone: the accept makes another one. */
    forgetEarly: assign({ earlyAnswer: false, described: undefined, gathered: [] }),
    chooseKind: assign(({ context, event }) => ({
      kind: event.type === "user.accept" ? event.kind : (context.autoAccept ?? context.kind),
    })),
    noteHold: assign(({ event }) => {
      assertEvent(event, "user.setHold");
      return { onHold: event.on };
    }),
    noteRemoteMedia: assign(({ event }) => {
      assertEvent(event, ["remote.mediaState", "peer.mediaState"]);
      return { remoteMedia: event.state };
    }),
    noteReachability: assign(({ event }) => {
      assertEvent(event, "remote.reachability");
      return { remoteReachable: event.reachable };
    }),
    noteLive: assign(({ context, event }) => {
      assertEvent(event, "peer.connected");
      const recovery = { extended: false, rebuilt: false };
      return { liveSince: context.liveSince ?? event.at, ...recovery };
    }),
    forgetLive: assign({ liveSince: undefined }),
    noteSync: assign(({ context, event }) => {
      assertEvent(event, "server.synced");
      const { call } = event;
      const rings = call?.phase === "ringing";
      return {
        ...(call ? ticketOf(call) : {}),
        rev: call?.rev ?? 0,
        ringRemainingMs: rings ? call.ringRemainingMs : context.ringRemainingMs,
        held: rings && context.role === "callee" ? call.candidates : context.held,
      };
    }),
    silence: assign({ silenced: true }),
    countInterruption: assign(({ context }) => ({ interruptions: context.interruptions + 1 })),
    extendRecovery: assign({ extended: true }),
    nextRevision: assign(({ context }) => ({ revision: context.revision + 1 })),
  },
  guards: {
    isCaller: guards.isCaller,
    autoAccepts: guards.autoAccepts,
    isReplaying: guards.isReplaying,
    isReady: guards.isReady,
    isNews: guards.isNews,
    isConnected: guards.isConnected,
    isNewMediaState: guards.isNewMediaState,
    isMine: guards.isMine,
    changesHold: guards.changesHold,
    changesWhatIsSent: guards.changesWhatIsSent,
    restoresRing: guards.restoresRing,
    restoresTalk: guards.restoresTalk,
    isNotRestored: guards.isNotRestored,
    isMineElsewhere: guards.isMineElsewhere,
    syncedMineElsewhere: guards.syncedMineElsewhere,
    isNewerGeneration: guards.isNewerGeneration,
    syncedNewerGeneration: guards.syncedNewerGeneration,
    mayRebuild: guards.mayRebuild,
    answersEarly: guards.answersEarly,
    mayExtend: guards.mayExtend,
    syncedAbsent: guards.syncedAbsent,
    syncedRinging: guards.syncedRinging,
    syncedMine: guards.syncedMine,
  },
});

/** The highest generation that an event tells of. */
function generationIn(event: CallEvent): number {
  if (event.type === "remote.accepted") return event.answer?.generation ?? 0;
  if (event.type === "server.synced") return event.call?.generation ?? 0;
  return 0;
}

/** A newer ticket replaces the one that is there; none leaves it. */
function ticketOf({ ticket }: { readonly ticket?: string }): { ticket?: string } {
  return ticket ? { ticket } : {};
}
