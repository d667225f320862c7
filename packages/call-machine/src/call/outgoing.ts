import { callSetup } from "./actions.ts";
import * as steps from "./steps/index.ts";

/** From the dial to the accept. PROTOCOL 2.3 rows 1 to 10. */
export const outgoing = callSetup.createStateConfig({
  tags: "outgoing",
  initial: "preparing",
  exit: steps.stop("result", "ring"),
  on: {
    "media.changed": { actions: "noteMedia" },
    "user.setMicrophone": { actions: steps.setSources },
    "user.setCamera": { actions: steps.setSources },
    "peer.candidates": { actions: ["keepCandidates", steps.sendCandidates] },
    "remote.candidates": { guard: "isNotRestored", actions: steps.addCandidates },
    "remote.accepted": [
      { guard: "isMineElsewhere", target: "established", actions: ["noteAccepted", ...steps.rebuild] },
      {
        guard: "isMine",
        target: "established",
        actions: ["noteAccepted", steps.applyAnswer, steps.startSending],
      },
    ],
    "server.refused": steps.endedAsTold,
    "peer.broken": steps.endedAsToldAndTell,
    "peer.stuck": steps.ended("negotiation-failed", "me"),
    "user.hangUp": steps.ended("cancelled", "me"),
    "timer.ring": steps.ended("no-answer", "server"),
    "server.synced": [
      { guard: "syncedAbsent", target: ".inviting", actions: "noteSync" },
      { guard: "syncedRinging", actions: ["noteSync", steps.stop("result"), steps.start("ring")] },
      {
        guard: "syncedNewerGeneration",
        target: "established",
        actions: ["noteSync", ...steps.follow, steps.applySynced],
      },
      { guard: "syncedMineElsewhere", target: "established", actions: ["noteSync", ...steps.rebuild] },
      {
        guard: "syncedMine",
        target: "established",
        actions: ["noteSync", steps.applySynced, steps.startSending],
      },
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
        "peer.stuck": steps.endedQuietly("negotiation-failed", "me"),
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
          actions: ["noteAlerting", steps.applyEarlyAnswer, steps.start("result")],
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
      on: {
        "remote.alerting": {
          guard: "isNews",
          target: "ringing",
          actions: ["noteAlerting", steps.applyEarlyAnswer],
        },
      },
    },
    ringing: {
      on: {
        "remote.alerting": { guard: "isNews", actions: ["noteAlerting", steps.applyEarlyAnswer] },
        "server.invited": { actions: ["noteRing", steps.stop("result"), steps.start("ring")] },
        "timer.result": steps.ended("no-answer", "server"),
      },
    },
    /** After a reload: there is nothing that an answer would fit, and no offer to invite with again. PROTOCOL row 26. */
    restored: {
      entry: ["expectMedia", steps.openMedia, steps.start("ring")],
      on: {
        "server.synced": [
          { guard: "syncedAbsent", ...steps.endedQuietly("unreachable", "server") },
          { guard: "syncedRinging", actions: ["noteSync", steps.start("ring")] },
          { guard: "syncedMine", target: "#call.established", actions: ["noteSync", ...steps.rebuild] },
          steps.endedAsSynced,
        ],
      },
    },
  },
});
