export {
  type Negotiation,
  type NegotiationCommand,
  type NegotiationInput,
  negotiate,
  startNegotiation,
} from "../negotiation.ts";
export { assert, assertEqual, ContractFailure, until } from "./contract/assert.ts";
export type { ContractCase, ContractEnv, ContractTrack } from "./contract/env.ts";
export { peerContract } from "./contract/index.ts";
export { systemClock } from "./contract/system-clock.ts";
export type { FakeChannel } from "./fake/channel.ts";
export type { FakeConnection } from "./fake/connection.ts";
export { createFakeNetwork, type FakeNetwork, type FakeNetworkOptions } from "./fake/network.ts";
export { nextSignalingState } from "./fake/signaling-state.ts";
export { createFakeTrack } from "./fake/track.ts";
export { createManualClock, type ManualClock } from "./manual-clock.ts";
