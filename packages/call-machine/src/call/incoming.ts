import { callSetup } from "./actions.ts";
import * as steps from "./steps/index.ts";

/** The accept of a life before: the server forgot the call, this endpoint gave it up, and then its caller brought it back. */
const acceptedBefore = {
  guard: "isMine",
  target: "#call.established",
  actions: ["noteAccepted", "expectMedia", steps.openMedia, ...steps.rebuild],
} as const;

/** From the invitation to the server's decision about the accept. PROTOCOL 2.3 rows 11 to 23. */
export const incoming = callSetup.createStateConfig({
  tags: "incoming",
  initial: "offered",
  exit: steps.stop("result", "ring", "window"),
  states: {
    offered: {
      entry: steps.start("ring"),
      on: {
        "remote.accepted": acceptedBefore,
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
      entry: [steps.openPeerEarly, steps.sendAlerting, steps.start("ring")],
      exit: steps.stop("ring", "window"),
      on: {
        "remote.candidates": { actions: ["holdRemoteCandidates", steps.addCandidatesEarly] },
        "peer.described": {
          guard: "answersEarly",
          actions: ["noteDescription", steps.sendAlerting],
        },
        "peer.candidates": {
          guard: "answersEarly",
          actions: ["keepCandidates", steps.sendCandidates],
        },
        "peer.broken": { guard: "answersEarly", actions: ["forgetEarly", steps.sendAlerting] },
        "peer.stuck": { guard: "answersEarly", actions: ["forgetEarly", steps.sendAlerting] },
        "remote.accepted": acceptedBefore,
        "user.accept": "accepting",
        "user.decline": steps.ended("declined", "me"),
        "user.hangUp": steps.ended("declined", "me"),
        "user.silence": { actions: "silence" },
        "timer.ring": steps.endedQuietly("no-answer", "server"),
        "timer.window": steps.endedUntilAgain,
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
        "peer.stuck": steps.ended("negotiation-failed", "me"),
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
            // The caller had the answer, talked and left, while the server's word to this side was lost.
            "peer.bye": steps.endedAsToldAndTell,
            "server.accepted": {
              target: "#call.established",
              actions: ["noteConfirmed", steps.startSending],
            },
            "remote.accepted": {
              guard: "isMine",
              target: "#call.established",
              actions: ["noteAccepted", steps.startSending],
            },
            "server.refused": steps.endedAsTold,
            "server.forgot": { actions: steps.start("window") },
            "timer.window": steps.endedUntilAgain,
            "timer.result": steps.ended("unreachable", "server"),
            "user.hangUp": steps.endedWithBye("hung-up", "me"),
            "server.synced": [
              { guard: "syncedAbsent", actions: "noteSync" },
              {
                guard: "syncedRinging",
                target: "confirming",
                reenter: true,
                actions: ["noteSync", steps.stop("window"), steps.applySynced],
              },
              {
                guard: "syncedNewerGeneration",
                target: "#call.established",
                actions: ["noteSync", ...steps.follow, steps.applySynced],
              },
              {
                guard: "syncedMine",
                target: "#call.established",
                actions: ["noteSync", steps.applySynced, steps.startSending],
              },
              steps.endedAsSynced,
            ],
          },
        },
      },
    },
  },
});
