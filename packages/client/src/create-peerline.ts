import type { CallId, MediaKind, UserEvent } from "@peerline/call-machine";
import type { Peers } from "@peerline/peer-connection";
import { assemble } from "./assemble.ts";
import type { CallBook } from "./call-book.ts";
import type { Peerline, PeerlineOptions } from "./peerline.ts";
import { PeerlineError } from "./peerline-error.ts";
import { randomId } from "./random.ts";

/**
 * Signs in and stays signed in: the session, the machines, the peer connections and the devices put together. Never
 * throws on timing; `invalid-option` is thrown for options that cannot work.
 */
export function createPeerline(options: PeerlineOptions): Peerline {
  checkOptions(options);
  const parts = assemble(options);
  const { session, peers, book, pinger, notifier, callOf } = parts;

  function send(callId: CallId | undefined, event: UserEvent): void {
    const call = callOf(callId);
    if (call) session.send(call.callId, event);
  }

  return {
    view: notifier.current,
    subscribe: notifier.subscribe,
    dial(user, kind = "video") {
      const callId = randomId();
      const known = session.view().people.find((person) => person.user === user);
      session.dial({ user, displayName: known?.displayName ?? user }, kind, callId);
      return callId;
    },
    accept: (kind, callId) =>
      send(callId, {
        type: "user.accept",
        kind: kind ?? callOf(callId)?.kind ?? ("audio" satisfies MediaKind),
      }),
    decline: (callId) => send(callId, { type: "user.decline" }),
    hangUp: (callId) => send(callId, { type: "user.hangUp" }),
    silence: (callId) => send(callId, { type: "user.silence" }),
    setMicrophone: (on, callId) => send(callId, { type: "user.setMicrophone", on }),
    setCamera: (on, callId) => send(callId, { type: "user.setCamera", on }),
    setHold: (on, callId) => send(callId, { type: "user.setHold", on }),
    sendTracks(tracks, callId) {
      const call = callOf(callId);
      if (call) parts.substitute(call.callId, tracks);
    },
    sendChat: (text, callId) => sendChat(peers, book, callOf(callId)?.callId, text),
    sendExtension: (message) => parts.extensions.send(message),
    dismiss: () => session.dismiss(),
    markSeen: (callIds) => session.markSeen(callIds),
    ping: (user) => pinger.ping(user),
    details: (callId) => book.get(callId),
    wake: () => session.wake(),
    networkChanged: () => session.networkChanged(),
    setOnline(isOnline) {
      parts.signaling.setOnline(isOnline);
      if (isOnline) session.networkChanged();
    },
    close(intent = "sign-out") {
      session.stop(intent);
      parts.stop();
    },
  };
}

function checkOptions({ serverUrl, user }: PeerlineOptions): void {
  if (!URL.canParse(serverUrl) || !/^https?:/.test(serverUrl)) {
    throw new PeerlineError(
      "invalid-option",
      `serverUrl is "${serverUrl}": give an http(s) URL such as http://localhost:8080`,
    );
  }
  if (user === "") throw new PeerlineError("invalid-option", "user is empty: give the name to sign in with");
}

function sendChat(peers: Peers, book: CallBook, callId: CallId | undefined, text: string): boolean {
  const peer = callId === undefined ? undefined : peers.get(callId);
  if (callId === undefined || peer === undefined || peer.states().chat !== "open") return false;
  book.noteChat(callId, "me", peer.sendChat(text));
  return true;
}
