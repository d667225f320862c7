import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { IncomingCall } from "../call/incoming-call.tsx";
import { RemoteAudio } from "../call/remote-audio.tsx";
import { ringSoundFor, stagedCallId } from "../state/call-selectors.ts";
import { documentTitle } from "../state/document-title.ts";
import type { OpenPeerline } from "../state/open-peerline.ts";
import type { PageParams } from "../state/page-params.ts";
import { type AppSession, createAppSession, SessionContext } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { LiveRegions } from "../ui/live-regions.tsx";
import { MessageScreen } from "./message-screen.tsx";

export interface SignedInProps {
  readonly open: OpenPeerline;
  readonly name: string;
  readonly serverUrl: string;
  readonly params: PageParams;
  readonly children: ComponentChildren;
}

/** Opens the session of one name, and closes it when the name is another. */
export function SignedIn({ open, name, serverUrl, params, children }: SignedInProps) {
  const [session, setSession] = useState<AppSession>();
  const [trouble, setTrouble] = useState<string>();

  useEffect(() => {
    let isGone = false;
    let opened: AppSession | undefined;
    open({ name, serverUrl }).then(
      (peerline) => {
        opened = createAppSession(peerline, { name, serverUrl, params });
        if (isGone) opened.close();
        else setSession(opened);
      },
      (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isGone = true;
      opened?.close();
    };
  }, [open, name, serverUrl]);

  if (trouble !== undefined) return <MessageScreen text={trouble} />;
  if (!session) return <MessageScreen text={texts.app.opening} />;
  return (
    <SessionContext.Provider value={session}>
      <LiveRegions view={session.view} />
      <Followers session={session} />
      {children}
      <RemoteAudio />
      <IncomingCall />
    </SessionContext.Provider>
  );
}

/** What follows the session without being seen in the page: address, title, sign of the tab, sounds. */
function Followers({ session }: { readonly session: AppSession }) {
  const { route } = useLocation();
  const staged = useRef<string>(undefined);

  useSignalEffect(() => {
    const id = stagedCallId(session.view.value.call);
    const isNew = id !== undefined && id !== staged.current;
    staged.current = id;
    const path = `/call/${id}`;
    if (isNew && location.pathname !== path) {
      route(session.href(path), location.pathname.startsWith("/call/"));
    }
  });

  useSignalEffect(() => {
    const { call } = session.view.value;
    session.sound.play(ringSoundFor(call));
    document.title = documentTitle(call, texts.people.title);
    const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    icon?.setAttribute("href", call?.phase === "incoming" ? "/favicon-call.svg" : "/favicon.svg");
  });

  useEffect(() => {
    const stop = new AbortController();
    for (const gesture of ["pointerdown", "keydown"]) {
      document.addEventListener(gesture, () => session.sound.unlock(), { signal: stop.signal });
    }
    return () => stop.abort();
  }, [session]);

  return null;
}
