import type { CallId } from "@peerline/call-machine";
import type { Peerline, PeerlineView } from "@peerline/client";
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { createRingSound, type RingSound } from "../call/ring-sound.ts";
import { createCallMemo } from "./call-memo.ts";
import { type LinkWatch, watchLink } from "./link-watch.ts";
import type { PageParams } from "./page-params.ts";
import { hrefFor } from "./page-params.ts";
import { type TextStorage, tabStorage } from "./page-storage.ts";
import { peerlineSignal } from "./peerline-signal.ts";
import type { PictureFit } from "./picture-fit.ts";
import { withShownNames } from "./shown-names.ts";

/** What the person did on a call's page and finds again when coming back to it. */
export interface CallDesk {
  readonly callId: string;
  readonly chatOpen: Signal<boolean>;
  readonly draft: Signal<string>;
  /** The ids of the messages that were on screen. */
  readonly seen: Signal<ReadonlySet<string>>;
  readonly dismissedNotices: Signal<readonly string[]>;
  /** How the person wants the other's picture; `undefined`: as its shape suggests. */
  readonly fit: Signal<PictureFit | undefined>;
}

/** One signed-in person in one tab: what every screen reads and calls. */
export interface AppSession {
  readonly peerline: Peerline;
  readonly view: ReadonlySignal<PeerlineView>;
  /** The server has been out of reach for so long that a person in a call is told. */
  readonly isLinkLost: LinkWatch["isLost"];
  readonly name: string;
  readonly serverUrl: string;
  readonly sound: RingSound;
  /** How long both have talked in this call, in ms, reloads included; 0 before. */
  talkedMs(callId: CallId): number;
  /** An address within the app that keeps who is signed in. */
  href(path: string): string;
  /** The same one for the same call; another call gets a fresh one. */
  deskFor(callId: string): CallDesk;
  /** Signs out, here and in the person's other tabs. */
  signOut(): void;
  /** `page-gone` leaves the calls the detach grace. */
  close(intent: "sign-out" | "page-gone"): void;
}

export interface AppSessionOptions {
  readonly name: string;
  readonly serverUrl: string;
  readonly params: PageParams;
  readonly signOut: () => void;
  /** Default: the tab's. */
  readonly storage?: TextStorage;
}

export function createAppSession(
  peerline: Peerline,
  { name, serverUrl, params, signOut, storage = tabStorage }: AppSessionOptions,
): AppSession {
  const memo = createCallMemo({ storage, steady: () => performance.now(), wall: Date.now });
  const shown = (next: PeerlineView) => withShownNames(memo.apply(next));
  const { view, dispose } = peerlineSignal({
    view: () => shown(peerline.view()),
    subscribe: (listener) => peerline.subscribe((next) => listener(shown(next))),
  });
  const linkWatch = watchLink(view);
  const sound = createRingSound();
  let desk = freshDesk("", new Set());
  return {
    peerline,
    view,
    isLinkLost: linkWatch.isLost,
    name,
    serverUrl,
    sound,
    talkedMs: memo.talkedMs,
    href: (path) => hrefFor(path, params),
    deskFor(callId) {
      if (desk.callId === callId) return desk;
      desk = freshDesk(callId, memo.linesBefore(callId));
      return desk;
    },
    signOut,
    close(intent) {
      linkWatch.dispose();
      dispose();
      sound.close();
      if (intent === "sign-out") memo.clear();
      peerline.close(intent);
    },
  };
}

function freshDesk(callId: string, chatSeen: ReadonlySet<string>): CallDesk {
  return {
    callId,
    chatOpen: signal(false),
    draft: signal(""),
    seen: signal(chatSeen),
    dismissedNotices: signal([]),
    fit: signal(undefined),
  };
}

export const SessionContext = createContext<AppSession | undefined>(undefined);

/** The session around a component. Throws outside of one. */
export function useSession(): AppSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionContext.Provider around it");
  return session;
}
