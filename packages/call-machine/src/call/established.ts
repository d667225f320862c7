import { callSetup } from "./actions.ts";
import * as steps from "./steps/index.ts";

/** Both have accepted: until the hang-up. PROTOCOL 2.3 rows 24 to 38, 2.5. */
export const established = callSetup.createStateConfig({
  tags: "established",
  initial: "connecting",
  on: {
    "remote.described": [
      {
        guard: "isNewerGeneration",
        target: ".reconnecting",
        reenter: true,
        actions: [...steps.follow, steps.applyDescription],
      },
      { actions: steps.applyDescription },
    ],
    "remote.candidates": { actions: steps.addCandidates },
    "peer.described": { actions: steps.sendDescription },
    "peer.candidates": { actions: steps.sendCandidates },
    "remote.mediaState": { guard: "isNewMediaState", actions: [steps.applyHold, "noteRemoteMedia"] },
    "peer.mediaState": { guard: "isNewMediaState", actions: [steps.applyHold, "noteRemoteMedia"] },
    "user.setHold": {
      guard: "changesHold",
      actions: [steps.applyHold, "noteHold", "nextRevision", steps.announceMedia],
    },
    "remote.reachability": { actions: "noteReachability" },
    "media.changed": [
      { guard: "changesWhatIsSent", actions: ["noteMedia", "nextRevision", steps.announceMedia] },
      { actions: "noteMedia" },
    ],
    "user.setMicrophone": { actions: steps.setSources },
    "user.setCamera": { actions: steps.setSources },
    "user.hangUp": steps.endedWithBye("hung-up", "me"),
    "server.accepted": { actions: "noteConfirmed" },
    "remote.accepted": { actions: "noteTicket" },
    "server.refused": steps.endedAsTold,
    "peer.bye": steps.endedAsToldAndTell,
    "peer.broken": steps.endedAsToldAndTell,
    "peer.stuck": [
      { guard: "mayRebuild", target: ".reconnecting", reenter: true, actions: [...steps.rebuild] },
      steps.endedWithBye("negotiation-failed", "me"),
    ],
    "server.synced": [
      { guard: "syncedAbsent", actions: ["noteSync", steps.reattach] },
      {
        guard: "syncedNewerGeneration",
        target: ".reconnecting",
        reenter: true,
        actions: ["noteSync", ...steps.follow, steps.applySynced],
      },
      { guard: "syncedMine", actions: ["noteSync", steps.applySynced, steps.resend] },
      // The server forgot the accept: it is made again, and the first one that it commits wins. PROTOCOL row 87.
      { guard: "syncedRinging", actions: ["noteSync", steps.acceptAgain, steps.resend] },
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
        "network.changed": { actions: steps.restartIce },
        "timer.connectHalf": { actions: steps.restartIce },
        "timer.connect": steps.endedWithBye("connect-failed", "me"),
      },
    },
    live: {
      initial: "steady",
      entry: ["nextRevision", steps.announceMedia],
      on: { "peer.failed": { target: "reconnecting", actions: steps.restartIce } },
      states: {
        steady: {
          on: {
            "peer.interrupted": "shaky",
            "network.changed": { target: "renewing", actions: steps.restartIce },
          },
        },
        shaky: {
          entry: steps.start("interrupted"),
          exit: steps.stop("interrupted"),
          on: {
            "peer.connected": "steady",
            "network.changed": { target: "#call.established.reconnecting", actions: steps.restartIce },
            "timer.interrupted": { target: "#call.established.reconnecting", actions: steps.restartIce },
          },
        },
        /** On another network: ICE restarts while the media may still flow. PROTOCOL row 57. */
        renewing: {
          entry: steps.start("renew"),
          exit: steps.stop("renew"),
          on: {
            "peer.interrupted": "#call.established.reconnecting",
            "network.changed": { target: "renewing", reenter: true, actions: steps.restartIce },
            "timer.renew": "steady",
          },
        },
      },
    },
    reconnecting: {
      entry: ["countInterruption", steps.start("restart", "recover")],
      exit: steps.stop("restart", "recover"),
      on: {
        "peer.connected": { target: "live", actions: "noteLive" },
        "network.changed": { actions: [steps.restartIce, steps.start("restart")] },
        "peer.failed": { actions: steps.restartSoon },
        "timer.restart": [
          // Pairs of two ICE generations can hold each other up: a second restart leaves them so, a new connection has none.
          { guard: "mayRebuild", actions: [...steps.rebuild, steps.start("restart")] },
          { actions: [steps.restartIce, steps.start("restart")] },
        ],
        "timer.recover": [
          { guard: "mayExtend", actions: ["extendRecovery", steps.start("recover")] },
          steps.endedWithBye("media-lost", "me"),
        ],
      },
    },
  },
});
