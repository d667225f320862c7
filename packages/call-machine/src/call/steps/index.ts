/** The steps that the charts are made of, by the port that they lead to. */

export {
  closeAll,
  ended,
  endedAsSynced,
  endedAsTold,
  endedAsToldAndTell,
  endedQuietly,
  endedUntilAgain,
  endedWithBye,
} from "./ending.ts";
export { openMedia, setSources } from "./media.ts";
export {
  addCandidates,
  addCandidatesEarly,
  applyAnswer,
  applyDescription,
  applyEarlyAnswer,
  applyHold,
  applySynced,
  follow,
  openPeerEarly,
  openPeerWithAnswer,
  openPeerWithOffer,
  rebuild,
  resend,
  restartIce,
  startSending,
} from "./peer.ts";
export {
  acceptAgain,
  announceMedia,
  reattach,
  sendAccept,
  sendAlerting,
  sendCandidates,
  sendDescription,
  sendInvite,
} from "./signals.ts";
export { restartSoon, start, stop } from "./timers.ts";
