import type { Peerline, PeerlineView } from "@peerline/client";
import { type ReadonlySignal, signal } from "@preact/signals";
import type { OpenPeerline } from "../state/open-peerline.ts";
import type { PageParams } from "../state/page-params.ts";
import { type AppSession, createAppSession } from "../state/session.ts";
import { shownName, toUser } from "../state/user-name.ts";
import { joinTabs, type TabPorts } from "./tab-desk.ts";

/** What this tab shows. */
export type Seat =
  | { readonly type: "opening" }
  /** Another tab of the same person has the session. */
  | { readonly type: "standby"; readonly leaderBusy: boolean }
  | { readonly type: "open"; readonly session: AppSession }
  | { readonly type: "trouble"; readonly text: string };

export interface SeatOptions {
  readonly name: string;
  readonly serverUrl: string;
  readonly params: PageParams;
  readonly open: OpenPeerline;
  readonly tabs: TabPorts;
  readonly onSignedOut: () => void;
}

/** The place of this tab among the tabs of one person, until `leave`. */
export interface TakenSeat {
  readonly seat: ReadonlySignal<Seat>;
  takeOver(): void;
  /** Signs out every tab of the person in this browser. PROTOCOL row 79. */
  signOut(): void;
  /** Ends the session, if this tab has it. */
  leave(): void;
}

/** Opens a session in the one tab that leads, and waits in the others. */
export function takeSeat({ tabs, onSignedOut, ...options }: SeatOptions): TakenSeat {
  const { name, serverUrl, params } = options;
  const seat = signal<Seat>({ type: "opening" });
  let turn = 0;
  let session: AppSession | undefined;

  async function lead(): Promise<void> {
    const own = ++turn;
    seat.value = { type: "opening" };
    try {
      const peerline = await options.open({ name, serverUrl });
      if (own !== turn) peerline.close("page-gone");
      else start(peerline);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (own === turn) seat.value = { type: "trouble", text };
    }
  }

  function start(peerline: Peerline): void {
    const signOut = () => desk.signOut();
    session = createAppSession(peerline, { name: shownName(name), serverUrl, params, signOut });
    peerline.subscribe((view) => desk.setBusy(isBusy(view)));
    desk.setBusy(isBusy(peerline.view()));
    seat.value = { type: "open", session };
  }

  function end(intent: "sign-out" | "page-gone"): void {
    turn++;
    session?.close(intent);
    session = undefined;
  }

  const desk = joinTabs(`${serverUrl} ${toUser(name)}`, tabs, {
    onState(state) {
      if (state.phase === "standby") seat.value = { type: "standby", leaderBusy: state.leaderBusy ?? false };
    },
    onLead: () => void lead(),
    onYield: () => end("page-gone"),
    onSignedOut,
  });

  return {
    seat,
    takeOver: desk.takeOver,
    signOut: desk.signOut,
    leave() {
      end("sign-out");
      desk.leave();
    },
  };
}

/** A call that only rings here can be taken in another tab as well. */
function isBusy({ calls }: PeerlineView): boolean {
  return calls.some(({ phase }) => phase !== "incoming");
}
