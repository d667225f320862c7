import type { CallId, MediaKind, SessionView, UserEvent } from "@peerline/call-machine";
import type { Peers } from "@peerline/peer-connection";
import { type Assembly, assemble } from "./assemble.ts";
import { byName, namedOptions } from "./by-name.ts";
import type { CallBook } from "./call-book.ts";
import { checked } from "./check-calls.ts";
import { checkOptions } from "./check-options.ts";
import type { Peerline, PeerlineOptions } from "./peerline.ts";
import { PeerlineError } from "./peerline-error.ts";
import { randomId } from "./random.ts";

/**
 * Signs in and stays signed in: the session, the machines, the peer connections and the devices put together. Throws a
 * `PeerlineError` for what cannot work whatever comes: `invalid-option` for an option, `no-webrtc` where there are no peer
 * connections. What fails later is `trouble` in the view.
 */
export function createPeerline(options: PeerlineOptions): Peerline {
  checkOptions(options);
  const named = namedOptions(options);
  return byName(checked(peerlineOf(assemble(named)), named.user), options);
}

function peerlineOf(parts: Assembly): Peerline {
  const { session, peers, book, pinger, notifier, callOf } = parts;
  let isClosed = false;

  function send(callId: CallId | undefined, event: UserEvent): void {
    const call = callOf(callId);
    if (call) session.send(call.callId, event);
  }

  return {
    view: notifier.current,
    subscribe: notifier.subscribe,
    dial(user, kind = "video") {
      checkLink(session.view());
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
    sendExtension(message) {
      checkLink(session.view());
      return parts.extensions.send(message);
    },
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
      if (isClosed) return;
      isClosed = true;
      session.stop(intent);
      parts.stop();
    },
  };
}

/** What is asked of a link that will not come back would be lost. */
function checkLink({ link, trouble }: SessionView): void {
  if (link === "stopped") throw new PeerlineError("closed", `The link is stopped: ${trouble?.text}`);
}

function sendChat(peers: Peers, book: CallBook, callId: CallId | undefined, text: string): boolean {
  const chat = callId && peers.get(callId)?.sendChat(text);
  if (!chat) return false;
  book.noteChat(callId, "me", chat);
  return true;
}
