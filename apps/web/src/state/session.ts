import type { Peerline, PeerlineView } from "@peerline/client";
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { createRingSound, type RingSound } from "../call/ring-sound.ts";
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
  readonly name: string;
  readonly serverUrl: string;
  readonly sound: RingSound;
  /** An address within the app that keeps who is signed in. */
  href(path: string): string;
  /** The same one for the same call; another call gets a fresh one. */
  deskFor(callId: string): CallDesk;
  close(): void;
}

export function createAppSession(
  peerline: Peerline,
  {
    name,
    serverUrl,
    params,
  }: { readonly name: string; readonly serverUrl: string; readonly params: PageParams },
): AppSession {
  const { view, dispose } = peerlineSignal(peerline);
  const sound = createRingSound();
  let desk = freshDesk("");
  return {
    peerline,
    view,
    name,
    serverUrl,
    sound,
    href: (path) => hrefFor(path, params),
    deskFor(callId) {
      if (desk.callId !== callId) desk = freshDesk(callId);
      return desk;
    },
    close() {
      dispose();
      sound.close();
      peerline.close("sign-out");
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
