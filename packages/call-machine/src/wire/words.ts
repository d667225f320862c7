import {
  Availability as WireAvailability,
  EndReason as WireEndReason,
  MediaKind as WireMediaKind,
} from "@peerline/protocol";
import type { Availability, EndReason, MediaKind } from "../types.ts";

const endReasons: Record<EndReason, WireEndReason> = {
  "hung-up": WireEndReason.HANGUP,
  cancelled: WireEndReason.CANCELLED,
  declined: WireEndReason.DECLINED,
  busy: WireEndReason.BUSY,
  "no-answer": WireEndReason.NO_ANSWER,
  unreachable: WireEndReason.UNREACHABLE,
  "answered-elsewhere": WireEndReason.ANSWERED_ELSEWHERE,
  "declined-elsewhere": WireEndReason.DECLINED_ELSEWHERE,
  replaced: WireEndReason.REPLACED,
  glare: WireEndReason.GLARE,
  "connect-failed": WireEndReason.CONNECT_FAILED,
  "media-lost": WireEndReason.MEDIA_LOST,
  "peer-lost": WireEndReason.PEER_LOST,
  "negotiation-failed": WireEndReason.NEGOTIATION_FAILED,
  "media-device": WireEndReason.MEDIA_DEVICE,
  incompatible: WireEndReason.INCOMPATIBLE,
  security: WireEndReason.SECURITY,
  "not-allowed": WireEndReason.NOT_ALLOWED,
  server: WireEndReason.SERVER,
  "max-duration": WireEndReason.MAX_DURATION,
};

const endReasonsBack = new Map(Object.entries(endReasons).map(([word, wire]) => [wire, word as EndReason]));

export function endReasonToWire(reason: EndReason): WireEndReason {
  return endReasons[reason];
}

/** A reason of a newer peer reads as a plain hang-up; unspecified is `undefined`. */
export function endReasonFromWire(reason: WireEndReason): EndReason | undefined {
  if (reason === WireEndReason.UNSPECIFIED) return undefined;
  return endReasonsBack.get(reason) ?? "hung-up";
}

const mediaKinds: Record<MediaKind, WireMediaKind> = {
  audio: WireMediaKind.AUDIO,
  video: WireMediaKind.VIDEO,
  data: WireMediaKind.DATA,
};

export function mediaKindToWire(kind: MediaKind): WireMediaKind {
  return mediaKinds[kind];
}

/** An unknown kind is answered as audio: every peer can do that. */
export function mediaKindFromWire(kind: WireMediaKind): MediaKind {
  if (kind === WireMediaKind.VIDEO) return "video";
  return kind === WireMediaKind.DATA ? "data" : "audio";
}

export function availabilityFromWire(availability: WireAvailability): Availability {
  if (availability === WireAvailability.BUSY) return "busy";
  return availability === WireAvailability.ONLINE ? "online" : "offline";
}
