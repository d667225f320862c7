import type { CallId, MediaKind } from "@peerline/call-machine";
import { textFrom } from "@peerline/call-machine/wire";
import {
  check,
  checkCallId,
  checkGiven,
  checkUser,
  isBoolean,
  isFunction,
  isOneOf,
  isRecord,
  isText,
} from "./check.ts";
import type { CallTracks, Peerline } from "./peerline.ts";

const maxChatBytes = 8 * 1024;
const kinds: readonly MediaKind[] = ["video", "audio", "data"];

function checkKind(kind: unknown): void {
  checkGiven(kind, isOneOf(...kinds), "kind", 'give "video", "audio" or "data"');
}

function checkSwitch(isOn: unknown, callId: unknown): void {
  check(isBoolean(isOn), "on", isOn, "give true or false");
  checkCallId(callId);
}

function checkTracks(tracks: unknown): void {
  check(isRecord(tracks), "tracks", tracks, "give { microphone, camera }, or one of them");
  const { microphone, camera } = tracks;
  checkGiven(microphone, isTrack("audio"), "tracks.microphone", "give an audio track");
  checkGiven(camera, isTrack("video"), "tracks.camera", "give a video track");
}

function isTrack(kind: "audio" | "video"): (value: unknown) => boolean {
  return (value) => isRecord(value) && value.kind === kind;
}

/**
 * The same Peerline, whose methods throw a `PeerlineError` `invalid-option` for what no call can be asked, instead of doing
 * something else or nothing. `ping` rejects with it.
 */
export function checked(peerline: Peerline, self: string): Peerline {
  const onCall = (act: (callId?: CallId) => void) => (callId?: CallId) => {
    checkCallId(callId);
    act(callId);
  };
  const onSwitch = (act: (isOn: boolean, callId?: CallId) => void) => (isOn: boolean, callId?: CallId) => {
    checkSwitch(isOn, callId);
    act(isOn, callId);
  };
  return {
    ...peerline,
    subscribe(listener) {
      check(isFunction(listener), "listener", listener, "give a function");
      return peerline.subscribe(listener);
    },
    dial(user, kind) {
      checkUser("user", user);
      check(user !== self, "user", user, "give somebody else: that is this Peerline's own user");
      checkKind(kind);
      return peerline.dial(user, kind);
    },
    accept(kind, callId) {
      checkKind(kind);
      checkCallId(callId);
      peerline.accept(kind, callId);
    },
    decline: onCall(peerline.decline),
    hangUp: onCall(peerline.hangUp),
    silence: onCall(peerline.silence),
    setMicrophone: onSwitch(peerline.setMicrophone),
    setCamera: onSwitch(peerline.setCamera),
    setHold: onSwitch(peerline.setHold),
    sendTracks(tracks: CallTracks, callId) {
      checkTracks(tracks);
      checkCallId(callId);
      peerline.sendTracks(tracks, callId);
    },
    sendChat(text, callId) {
      // Half of a character, which a text field may hold, is sent as a replacement character.
      const whole = typeof text === "string" ? text.toWellFormed() : text;
      const isLine = isText(whole, maxChatBytes) && textFrom(whole) !== undefined;
      check(isLine, "text", text, `send 1 to ${maxChatBytes} bytes of visible text at a time`);
      checkCallId(callId);
      return peerline.sendChat(whole, callId);
    },
    markSeen(callIds) {
      check(Array.isArray(callIds), "callIds", callIds, "give an array of the callIds in view().recent");
      peerline.markSeen(callIds);
    },
    async ping(user) {
      checkUser("user", user);
      return await peerline.ping(user);
    },
    setOnline(isOnline) {
      check(isBoolean(isOnline), "isOnline", isOnline, "give true or false");
      peerline.setOnline(isOnline);
    },
    close(intent) {
      checkGiven(intent, isOneOf("sign-out", "page-gone"), "intent", 'give "sign-out" or "page-gone"');
      peerline.close(intent);
    },
  };
}
