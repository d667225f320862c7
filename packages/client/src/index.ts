// For applications.
export type { LinkTrouble, LinkTroubleCode } from "@peerline/call-machine";
export { createPeerline } from "./create-peerline.ts";
export type { ExtensionMessage, OutgoingExtension } from "./extensions.ts";
export type { PausedSources } from "./media/pause-watch.ts";
export type {
  AccessToken,
  CallDetails,
  CallTracks,
  ChatEntry,
  MediaSource,
  OpenedSources,
  Peerline,
  PeerlineOptions,
  PeerlineView,
  RtcOptions,
  SourceName,
  SourceRefusal,
} from "./peerline.ts";
export { PeerlineError, type PeerlineErrorCode } from "./peerline-error.ts";

// For integrators that put the parts together themselves.

export { browserTransport } from "./browser-transport.ts";
export { systemClock } from "./clock.ts";
export { developmentSignIn } from "./development-sign-in.ts";
export { browserMedia } from "./media/browser-media.ts";
export { randomId } from "./random.ts";
