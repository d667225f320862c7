import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { IncomingCall } from "../call/incoming-call.tsx";
import { playGate } from "../call/play-gate.ts";
import { RemoteAudio } from "../call/remote-audio.tsx";
import { ringSoundFor, stagedCallId } from "../state/call-selectors.ts";
import { documentTitle } from "../state/document-title.ts";
import type { OpenPeerline } from "../state/open-peerline.ts";
import { addressOf, hrefFor, type PageParams, pathWithin } from "../state/page-params.ts";
import { type AppSession, SessionContext } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import type { TabPorts } from "../tabs/tab-desk.ts";
import { type TakenSeat, takeSeat } from "../tabs/take-seat.ts";
import { useAddress } from "../ui/address.tsx";
import { LiveRegions } from "../ui/live-regions.tsx";
import { MessageScreen } from "./message-screen.tsx";
import { StandbyScreen } from "./standby-screen.tsx";
import { WhenBroken } from "./when-broken.tsx";

export interface SignedInProps {
  readonly open: OpenPeerline;
  readonly tabs: TabPorts;
  readonly name: string;
  readonly serverUrl: string;
  readonly params: PageParams;
  readonly children: ComponentChildren;
}

/** The session of one name in the one tab that has it; the others stand by. Ends when the name is another. */
export function SignedIn({ open, tabs, name, serverUrl, params, children }: SignedInProps) {
  const { route } = useAddress();
  const [taken, setTaken] = useState<TakenSeat>();

  useEffect(() => {
    const onSignedOut = () => route(hrefFor("/", { server: params.server }));
    const next = takeSeat({ open, tabs, name, serverUrl, params, onSignedOut });
    setTaken(next);
    return next.leave;
  }, [open, tabs, name, serverUrl]);

  const seat = taken?.seat.value;
  if (taken === undefined || seat === undefined || seat.type === "opening") {
    return <MessageScreen text={texts.app.opening} />;
  }
  if (seat.type === "trouble")
    return (
      <MessageScreen
        text={seat.text}
        way={{ href: hrefFor("/", { server: params.server }), label: texts.app.toSignIn }}
      />
    );
  if (seat.type === "standby") {
    const { leaderBusy } = seat;
    return <StandbyScreen leaderBusy={leaderBusy} onTakeOver={taken.takeOver} onSignOut={taken.signOut} />;
  }
  const { session } = seat;
  return (
    <SessionContext.Provider value={session}>
      <LiveRegions view={session.view} isLinkLost={session.isLinkLost} serverUrl={serverUrl} />
      <Followers session={session} />
      <WhenBroken>{children}</WhenBroken>
      <RemoteAudio />
      <IncomingCall />
    </SessionContext.Provider>
  );
}

/** What follows the session without being seen in the page: address, title, sign of the tab, sounds. */
function Followers({ session }: { readonly session: AppSession }) {
  const { route } = useAddress();
  const staged = useRef<string>(undefined);

  useSignalEffect(() => {
    const id = stagedCallId(session.view.value.call);
    const isNew = id !== undefined && id !== staged.current;
    staged.current = id;
    const here = pathWithin(location.pathname);
    const path = `/call/${id}`;
    if (isNew && here !== path) route(session.href(path), here?.startsWith("/call/"));
  });

  useSignalEffect(() => {
    const { call } = session.view.value;
    session.sound.play(ringSoundFor(call));
    document.title = documentTitle(call, texts.people.title);
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    icon?.setAttribute("href", addressOf(call?.phase === "incoming" ? "/favicon-call.svg" : "/favicon.svg"));
  });

  useEffect(() => {
    const stop = new AbortController();
    const allow = () => {
      session.sound.unlock();
      playGate.open();
    };
    for (const gesture of ["pointerdown", "keydown"]) {
      document.addEventListener(gesture, allow, { signal: stop.signal });
    }
    return () => stop.abort();
  }, [session]);

  return null;
}
