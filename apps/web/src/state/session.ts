import type { Peerline, PeerlineView } from "@peerline/client";
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { createRingSound, type RingSound } from "../call/ring-sound.ts";
import { type LinkWatch, watchLink } from "./link-watch.ts";
import type { PageParams } from "./page-params.ts";
import { hrefFor } from "./page-params.ts";
import { peerlineSignal } from "./peerline-signal.ts";

/** What the person did on a call's page and finds again when coming back to it. */
export interface CallDesk {
  readonly callId: string;
  readonly chatOpen: Signal<boolean>;
  readonly draft: Signal<string>;
  /** How many of the other's messages were on screen. */
  readonly seen: Signal<number>;
  readonly dismissedNotices: Signal<readonly string[]>;
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
}

export function createAppSession(
  peerline: Peerline,
  { name, serverUrl, params, signOut }: AppSessionOptions,
): AppSession {
  const { view, dispose } = peerlineSignal(peerline);
  const linkWatch = watchLink(view);
  const sound = createRingSound();
  let desk = freshDesk("");
  return {
    peerline,
    view,
    isLinkLost: linkWatch.isLost,
    name,
    serverUrl,
    sound,
    href: (path) => hrefFor(path, params),
    deskFor(callId) {
      if (desk.callId !== callId) desk = freshDesk(callId);
      return desk;
    },
    signOut,
    close(intent) {
      linkWatch.dispose();
      dispose();
      sound.close();
      peerline.close(intent);
    },
  };
}

function freshDesk(callId: string): CallDesk {
  return {
    callId,
    chatOpen: signal(false),
    draft: signal(""),
    seen: signal(0),
    dismissedNotices: signal([]),
  };
}

export const SessionContext = createContext<AppSession | undefined>(undefined);

/** The session around a component. Throws outside of one. */
export function useSession(): AppSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionContext.Provider around it");
  return session;
}
