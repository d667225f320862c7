export type { Chat } from "./chat-message.ts";
// For those who bring an implementation of WebRTC, or other parts.
export type {
  CandidateEventLike,
  ChannelLike,
  ConnectionLike,
  ConnectionStateEvent,
  SenderLike,
  StatsReportLike,
  TrackEventLike,
  TransceiverLike,
} from "./connection-like.ts";
export type { PeerStates } from "./connection-states.ts";
export { createPeer, type Peer, type PeerPlatform } from "./create-peer.ts";
export { createPeerPort, type PeerPortOptions, type Peers } from "./create-peer-port.ts";
export type { LocalTracks, TrackKind } from "./media-lines.ts";
export { PeerError, type PeerErrorCode } from "./peer-error.ts";
export type { Incoming } from "./silence.ts";
export type {
  Flow,
  IncomingAudio,
  IncomingFlow,
  IncomingVideo,
  PeerStats,
  SelectedPair,
} from "./stats.ts";
export { readStats, type StatsSample } from "./stats.ts";
