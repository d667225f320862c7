// For whoever extends the session or explains it.
export { backoffMs, type Pace } from "./backoff.ts";
export type { Carrier } from "./carriage.ts";
export { type DetachBeaconOptions, detachBeacon } from "./detach.ts";
export type { FreshIceServers } from "./fresh-ice-servers.ts";
export type {
  ClientDescription,
  DetachNotice,
  GetToken,
  ObservedSignal,
  SignalingSessionOptions,
  Token,
} from "./options.ts";
export { createSignalingSession, type SignalingSession } from "./session.ts";
export { SignalingError, type SignalingErrorCode, type SignalingErrorInit } from "./signaling-error.ts";
export { defaultLimits, defaultTiming, type SendLimits, type SessionTiming } from "./timing.ts";
