import { callSetup } from "./actions.ts";
import { initialContext } from "./context.ts";
import * as steps from "./steps.ts";

/**
 * One call, from the dial or the first ring to its end reason. PROTOCOL 2.3. The diagram is docs/call-states.md.
 *
 * Pure: effects are data given to the `run` action, timers and asynchronous results come back as events. Every event is
 * legal in every state; one without an arrow changes nothing.
 */
export const callMachine = callSetup.createMachine({
  id: "call",
  context: ({ input }) => initialContext(input),
  output: ({ context }) => ({
    callId: context.callId,
    reason: context.ending?.reason ?? "hung-up",
    by: context.ending?.by ?? "server",
    liveSince: context.liveSince,
    interruptions: context.interruptions,
    ...(context.ticket ? { ticket: context.ticket } : {}),
  }),
  initial: "deciding",
  on: { "remote.ended": { guard: "isNews", ...steps.endedAsTold } },
  states: {
    deciding: {
      always: [
        { guard: "isCaller", target: "outgoing" },
        { guard: "autoAccepts", target: "incoming.accepting", actions: steps.sendAlerting },
        { guard: "isReplaying", target: "incoming.offered" },
        { target: "incoming.ringing" },
      ],
    },

    outgoing: {
      tags: "outgoing",
      initial: "preparing",
      exit: steps.stop("result", "ring"),
      on: {
        "media.changed": { actions: "noteMedia" },
        "user.setMicrophone": { actions: steps.setSources },
        "user.setCamera": { actions: steps.setSources },
        "peer.candidates": { actions: ["keepCandidates", steps.sendCandidates] },
        "remote.candidates": { actions: steps.addCandidates },
        "remote.accepted": {
          guard: "isMine",
          target: "established",
          actions: ["noteAccepted", steps.applyAnswer],
        },
        "server.refused": steps.endedAsTold,
        "peer.broken": steps.endedAsToldAndTell,
        "user.hangUp": steps.ended("cancelled", "me"),
        "timer.ring": steps.ended("no-answer", "server"),
        "server.synced": [
          { guard: "syncedAbsent", target: ".inviting", actions: "noteSync" },
          { guard: "syncedRinging", actions: ["noteSync", steps.stop("result"), steps.start("ring")] },
          { guard: "syncedMine", target: "established", actions: ["noteSync", steps.applySynced] },
          steps.endedAsSynced,
        ],
      },
      states: {
        preparing: {
          entry: ["expectMedia", steps.openMedia, steps.openPeerWithOffer],
          always: { guard: "isReady", target: "inviting" },
          on: {
            "peer.described": { actions: "noteDescription" },
            "peer.candidates": { actions: "keepCandidates" },
            "peer.broken": steps.endedAsTold,
            "user.hangUp": steps.endedQuietly("cancelled", "me"),
            "server.synced": { actions: "noteSync" },
          },
        },
        inviting: {
          entry: [steps.sendInvite, steps.start("result")],
          exit: steps.stop("result"),
          on: {
            "server.invited": { target: "calling", actions: ["noteRing", steps.start("ring")] },
            // The event may overtake the result: until that is here, the result's timer is the only one.
            "remote.alerting": {
              guard: "isNews",
              target: "ringing",
              actions: ["noteAlerting", steps.start("result")],
            },
            "timer.result": steps.ended("unreachable", "server"),
            "server.synced": {
              guard: "syncedRinging",
              target: "calling",
              actions: ["noteSync", steps.start("ring")],
            },
          },
        },
        calling: {
          on: { "remote.alerting": { guard: "isNews", target: "ringing", actions: "noteAlerting" } },
        },
        ringing: {
          on: {
            "server.invited": { actions: ["noteRing", steps.stop("result"), steps.start("ring")] },
            "timer.result": steps.ended("no-answer", "server"),
          },
        },
      },
    },

    incoming: {
      tags: "incoming",
      initial: "offered",
      exit: steps.stop("result", "ring", "window"),
      states: {
        offered: {
          entry: steps.start("ring"),
          on: {
            "timer.ring": steps.endedQuietly("no-answer", "server"),
            "server.caughtUp": "ringing",
            "remote.candidates": { actions: "holdRemoteCandidates" },
            "user.decline": steps.ended("declined", "me"),
            "user.hangUp": steps.ended("declined", "me"),
            "server.synced": [
              { guard: "syncedRinging", target: "ringing", actions: "noteSync" },
              { guard: "syncedAbsent", target: "ringing", actions: ["noteSync", steps.start("window")] },
              steps.endedAsSynced,
            ],
          },
        },
        ringing: {
          entry: [steps.sendAlerting, steps.start("ring")],
          exit: steps.stop("ring", "window"),
          on: {
            "remote.candidates": { actions: "holdRemoteCandidates" },
            "user.accept": "accepting",
            "user.decline": steps.ended("declined", "me"),
            "user.hangUp": steps.ended("declined", "me"),
            "user.silence": { actions: "silence" },
            "timer.ring": steps.endedQuietly("no-answer", "server"),
            "timer.window": steps.endedQuietly("no-answer", "server"),
            "server.synced": [
              { guard: "syncedAbsent", actions: ["noteSync", steps.start("window")] },
              {
                guard: "syncedRinging",
                actions: ["noteSync", steps.stop("window"), steps.start("ring"), steps.sendAlerting],
              },
              steps.endedAsSynced,
            ],
          },
        },
        accepting: {
          initial: "preparing",
          entry: ["chooseKind", "expectMedia", steps.openMedia, steps.openPeerWithAnswer],
          on: {
            "media.changed": { actions: "noteMedia" },
            "user.setMicrophone": { actions: steps.setSources },
            "user.setCamera": { actions: steps.setSources },
            "remote.candidates": { actions: steps.addCandidates },
            "remote.described": { actions: steps.applyDescription },
            "remote.mediaState": { guard: "isNewMediaState", actions: "noteRemoteMedia" },
            "peer.mediaState": { guard: "isNewMediaState", actions: "noteRemoteMedia" },
            "peer.broken": steps.endedAsToldAndTell,
          },
          states: {
            preparing: {
              always: { guard: "isReady", target: "confirming" },
              on: {
                "peer.described": { actions: "noteDescription" },
                "peer.candidates": { actions: "keepCandidates" },
                "user.decline": steps.ended("declined", "me"),
                "user.hangUp": steps.ended("declined", "me"),
                "server.synced": [
                  { guard: "syncedAbsent", actions: "noteSync" },
                  { guard: "syncedRinging", actions: ["noteSync", steps.applySynced] },
                  steps.endedAsSynced,
                ],
              },
            },
            confirming: {
              entry: [steps.sendAccept, steps.start("result")],
              on: {
                "peer.candidates": { actions: ["keepCandidates", steps.sendCandidates] },
                // The answer to an offer that came after the first one: the server runs it behind the Accept.
                "peer.described": { actions: steps.sendDescription },
                "peer.connected": { actions: "noteLive" },
                "peer.interrupted": { actions: "forgetLive" },
                "peer.failed": { actions: "forgetLive" },
                "server.accepted": { target: "#call.established", actions: "noteConfirmed" },
                "remote.accepted": { guard: "isMine", target: "#call.established", actions: "noteAccepted" },
                "server.refused": steps.endedAsTold,
                "timer.result": steps.ended("unreachable", "server"),
                "user.hangUp": steps.endedWithBye("hung-up", "me"),
                "server.synced": [
                  { guard: "syncedAbsent", actions: "noteSync" },
                  {
                    guard: "syncedRinging",
                    target: "confirming",
                    reenter: true,
                    actions: ["noteSync", steps.applySynced],
                  },
                  {
                    guard: "syncedMine",
                    target: "#call.established",
                    actions: ["noteSync", steps.applySynced],
                  },
                  steps.endedAsSynced,
                ],
              },
            },
          },
        },
      },
    },

    established: {
      tags: "established",
      initial: "connecting",
      on: {
        "remote.described": { actions: steps.applyDescription },
        "remote.candidates": { actions: steps.addCandidates },
        "peer.described": { actions: steps.sendDescription },
        "peer.candidates": { actions: steps.sendCandidates },
        "remote.mediaState": { guard: "isNewMediaState", actions: "noteRemoteMedia" },
        "peer.mediaState": { guard: "isNewMediaState", actions: "noteRemoteMedia" },
        "remote.reachability": { actions: "noteReachability" },
        "media.changed": [
          { guard: "changesWhatIsSent", actions: ["noteMedia", "nextRevision", steps.announceMedia] },
          { guard: "changesMedia", actions: "noteMedia" },
        ],
        "user.setMicrophone": { actions: steps.setSources },
        "user.setCamera": { actions: steps.setSources },
        "user.hangUp": steps.endedWithBye("hung-up", "me"),
        "server.accepted": { actions: "noteConfirmed" },
        "remote.accepted": { actions: "noteTicket" },
        "server.refused": steps.endedAsTold,
        "peer.bye": steps.endedAsToldAndTell,
        "peer.broken": steps.endedAsToldAndTell,
        "server.synced": [
          { guard: "syncedAbsent", actions: ["noteSync", steps.reattach] },
          { guard: "syncedMine", actions: ["noteSync", steps.applySynced, steps.resend] },
          // The server forgot the accept: it is made again, and the first one that it commits wins. PROTOCOL row 87.
          { guard: "syncedRinging", actions: ["noteSync", steps.acceptAgain] },
          steps.endedAsSynced,
        ],
      },
      states: {
        connecting: {
          entry: steps.start("connectHalf", "connect"),
          exit: steps.stop("connectHalf", "connect"),
          // The caller may have applied the answer before the server's reply to Accept arrived here.
          always: { guard: "isConnected", target: "live" },
          on: {
            "peer.connected": { target: "live", actions: "noteLive" },
            "peer.failed": { actions: steps.restartIce },
            "timer.connectHalf": { actions: steps.restartIce },
            "timer.connect": steps.endedWithBye("connect-failed", "me"),
          },
        },
        live: {
          initial: "steady",
          entry: ["nextRevision", steps.announceMedia],
          on: { "peer.failed": "reconnecting" },
          states: {
            steady: { on: { "peer.interrupted": "shaky" } },
            shaky: {
              entry: steps.start("interrupted"),
              exit: steps.stop("interrupted"),
              on: {
                "peer.connected": "steady",
                "timer.interrupted": "#call.established.reconnecting",
              },
            },
          },
        },
        reconnecting: {
          entry: ["countInterruption", steps.restartIce, steps.start("restart", "recover")],
          exit: steps.stop("restart", "recover"),
          on: {
            "peer.connected": { target: "live", actions: "noteLive" },
            "timer.restart": { actions: [steps.restartIce, steps.start("restart")] },
            "timer.recover": [
              { guard: "mayExtend", actions: ["extendRecovery", steps.start("recover")] },
              steps.endedWithBye("media-lost", "me"),
            ],
          },
        },
      },
    },

    ended: { type: "final", entry: steps.closeAll },
  },
});
