import { assertEvent, assign, setup } from "xstate";
import type { CallContext, CallInput, CallOutput } from "./context.ts";
import type { CallEffect } from "./effects.ts";
import type { CallEvent } from "./events.ts";
import * as guards from "./guards.ts";

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
    endAsTold: assign(({ event }) => {
      if (event.type === "server.refused") return { ending: { reason: event.reason, by: "server" as const } };
      if (event.type === "peer.broken") return { ending: { reason: event.reason, by: "me" as const } };
      if (event.type === "peer.bye") return { ending: { reason: event.reason, by: "them" as const } };
      assertEvent(event, "remote.ended");
      return { rev: event.rev, ending: { reason: event.reason, by: event.by } };
    }),
    expectMedia: assign(({ context }) => ({
      media: {
        microphone: context.kind === "data" ? "off" : "opening",
        camera: context.kind === "video" ? "opening" : "off",
      },
    })),
    noteMedia: assign(({ event }) => {
      assertEvent(event, "media.changed");
      return { media: event.media, mediaSettled: true };
    }),
    noteDescription: assign(({ event }) => {
      assertEvent(event, "peer.described");
      return { described: event.description };
    }),
    keepCandidates: assign(({ context, event }) => {
      assertEvent(event, "peer.candidates");
      return { gathered: [...context.gathered, event.candidates] };
    }),
    holdRemoteCandidates: assign(({ context, event }) => {
      assertEvent(event, "remote.candidates");
      return { held: [...context.held, event.candidates] };
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
    noteAlerting: assign(({ event }) => {
      assertEvent(event, "remote.alerting");
      return { rev: event.rev };
    }),
    noteAccepted: assign(({ context, event }) => {
      assertEvent(event, "remote.accepted");
      const kind = context.role === "caller" ? event.kind : context.kind;
      return { rev: event.rev, kind, ...ticketOf(event) };
    }),
    chooseKind: assign(({ context, event }) => ({
      kind: event.type === "user.accept" ? event.kind : (context.autoAccept ?? context.kind),
    })),
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
      return { liveSince: context.liveSince ?? event.at, extended: false };
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
    changesMedia: guards.changesMedia,
    changesWhatIsSent: guards.changesWhatIsSent,
    mayExtend: guards.mayExtend,
    syncedAbsent: guards.syncedAbsent,
    syncedRinging: guards.syncedRinging,
    syncedMine: guards.syncedMine,
  },
});

/** A newer ticket replaces the one that is there; none leaves it. */
function ticketOf({ ticket }: { readonly ticket?: string }): { ticket?: string } {
  return ticket ? { ticket } : {};
}
