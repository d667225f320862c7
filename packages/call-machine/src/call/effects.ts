import type {
  CandidatesSignal,
  DescriptionSignal,
  EndReason,
  MediaKind,
  MediaStateSignal,
} from "../types.ts";
import type { CallTimerId } from "./events.ts";

/** A command of this call, in the machine's words; `wire.ts` makes the protobuf message of it. */
export type CallCommand =
  | {
      readonly type: "invite";
      readonly callee: string;
      readonly kind: MediaKind;
      readonly offer: DescriptionSignal;
      /** The DTLS fingerprints that this endpoint keeps for the whole call. */
      readonly fingerprints?: readonly string[];
    }
  /** With an answer, the connection is made while it rings. PROTOCOL 1.5. */
  | { readonly type: "alerting"; readonly answer?: DescriptionSignal }
  | {
      readonly type: "accept";
      readonly kind: MediaKind;
      readonly answer: DescriptionSignal;
      readonly fingerprints?: readonly string[];
    }
  /** The ticket lets a server that forgot the call leave a mark of its end. */
  | { readonly type: "end"; readonly reason: EndReason; readonly ticket?: string }
  /** Restores the call at a server that forgot it. PROTOCOL D8. */
  | { readonly type: "reattach"; readonly ticket: string }
  | { readonly type: "describe"; readonly description: DescriptionSignal }
  | { readonly type: "candidates"; readonly candidates: CandidatesSignal }
  | { readonly type: "mediaState"; readonly state: MediaStateSignal };

/** What goes over the control channel. */
export type ControlSignal =
  | { readonly type: "bye"; readonly reason: EndReason }
  | { readonly type: "mediaState"; readonly state: MediaStateSignal };

/**
 * What the call machine wants done. The chart only names effects; a runtime carries them out, in order, and their
 * outcomes come back as events.
 */
export type CallEffect =
  | { readonly type: "signal"; readonly command: CallCommand }
  | { readonly type: "media.open"; readonly microphone: boolean; readonly camera: boolean }
  | { readonly type: "media.setMicrophone"; readonly on: boolean }
  | { readonly type: "media.setCamera"; readonly on: boolean }
  | { readonly type: "media.close" }
  /**
   * `offer`: make one at once. The polite side gives way when offers cross (W3C perfect negotiation). A connection of an
   * older generation is closed.
   */
  | {
      readonly type: "peer.open";
      readonly polite: boolean;
      readonly offer: boolean;
      readonly generation: number;
      readonly remoteFingerprints?: readonly string[];
    }
  | { readonly type: "peer.apply"; readonly description: DescriptionSignal }
  | { readonly type: "peer.addCandidates"; readonly candidates: CandidatesSignal }
  | { readonly type: "peer.restartIce" }
  | { readonly type: "peer.setSending"; readonly on: boolean }
  /** Sends the last answer, the open offer and the present candidates again: PROTOCOL 1.6. */
  | { readonly type: "peer.resend" }
  | { readonly type: "peer.say"; readonly signal: ControlSignal }
  | { readonly type: "peer.close" }
  /** Replaces a running timer of the same id. */
  | { readonly type: "timer.start"; readonly id: CallTimerId; readonly afterMs: number }
  | { readonly type: "timer.stop"; readonly id: CallTimerId };
