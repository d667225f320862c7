import { randomBytes } from "node:crypto";
import { Description_Type, MediaKind } from "@peerline/protocol";
import type { Action } from "./endpoint.ts";

export const offerSdp =
  "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\na=ice-options:trickle\r\na=x-future:1 é\r\n";
export const answerSdp = "v=0\r\no=- 2 2 IN IP4 127.0.0.1\r\ns=-\r\n";

export function newCallId(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(randomBytes(16));
}

export function invite(callId: Uint8Array, calleeUser: string, more: object = {}): Action {
  const offer = {
    type: Description_Type.OFFER,
    pcGeneration: 1,
    offerNumber: 1,
    body: { case: "sdp" as const, value: offerSdp },
  };
  return { case: "invite", value: { callId, calleeUser, kind: MediaKind.AUDIO, offer, ...more } };
}

export function accept(callId: Uint8Array): Action {
  const answer = {
    type: Description_Type.ANSWER,
    pcGeneration: 1,
    offerNumber: 1,
    body: { case: "sdp" as const, value: answerSdp },
  };
  return { case: "accept", value: { callId, kind: MediaKind.AUDIO, answer } };
}

export function alerting(callId: Uint8Array): Action {
  return { case: "alerting", value: { callId } };
}

export function end(callId: Uint8Array, more: object = {}): Action {
  return { case: "end", value: { callId, ...more } };
}

export function candidates(callId: Uint8Array, count: number, more: object = {}): Action {
  const list = Array.from({ length: count }, (_, index) => ({
    candidate: `candidate:${index} 1 udp 1 127.0.0.1 9 typ host`,
    sdpMid: "0",
  }));
  return {
    case: "candidates",
    value: { callId, pcGeneration: 1, ufrag: "uf", firstIndex: 0, list, ...more },
  };
}
