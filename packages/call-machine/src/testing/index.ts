export { translateInput } from "../session-input.ts";
export {
  createExchange,
  type Exchange,
  type ExchangeCursor,
  type ExchangeEndpoint,
  type ExchangeEndpointOptions,
  type ExchangeHello,
  type ExchangeOptions,
} from "./exchange.ts";
export { type LossyLink, type LossyLinkOptions, lossyLink } from "./lossy-link.ts";
export { type Random, seededRandom } from "./random.ts";
export { actAtRandom, type Temper } from "./random-person.ts";
export { type ScriptedMedia, type ScriptedMediaOptions, scriptedMedia } from "./scripted-media.ts";
export { type ScriptedPeers, type ScriptedPeersOptions, scriptedPeers } from "./scripted-peers.ts";
export { type MediaCall, type StubMedia, type StubMediaSession, stubMedia } from "./stub-media.ts";
export { type PeerCall, type StubPeer, type StubPeerConnection, stubPeer } from "./stub-peer.ts";
export {
  type LoggedLine,
  type SignalingCall,
  type StubLogger,
  type StubPorts,
  type StubSignaling,
  stubLogger,
  stubPorts,
  stubSignaling,
} from "./stub-ports.ts";
export { type VirtualClock, virtualClock } from "./virtual-clock.ts";
export { createWorld, type World, type WorldEndpoint, type WorldOptions } from "./world.ts";
