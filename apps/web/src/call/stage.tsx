import type { CallView } from "@peerline/call-machine";
import type { CallDetails } from "@peerline/client";
import { useSignal } from "@preact/signals";
import { callBanner, holdOf, placeOf } from "../state/call-selectors.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";
import { CallBar } from "./call-bar.tsx";
import { ChatPanel } from "./chat-panel.tsx";
import { ConnectionPanel } from "./connection-panel.tsx";
import { LocalTile } from "./local-tile.tsx";
import { MissedNotice } from "./missed-notice.tsx";
import { RemoteView } from "./remote-view.tsx";
import { SourceNotices } from "./source-notices.tsx";
import { StageHeader } from "./stage-header.tsx";
import { useVisibleArea } from "./use-visible-area.ts";

export interface StageProps {
  readonly call: CallView;
  readonly details: CallDetails | undefined;
}

/** A call that goes on: the other person fills it, everything else is one line above and one bar below. UX 1.5, 9. */
export function Stage({ call, details }: StageProps) {
  const session = useSession();
  const desk = session.deskFor(call.callId);
  const showsConnection = useSignal(false);
  return (
    <main class="stage" ref={useVisibleArea()} data-phase={call.phase} data-chat={desk.chatOpen.value}>
      <StageHeader call={call} details={details} showsConnection={showsConnection} />
      <div class="stage-view">
        <RemoteView call={call} details={details} desk={desk} />
        <div class="stage-top">
          <Banner call={call} details={details} />
          <SourceNotices call={call} desk={desk} />
          <MissedNotice />
        </div>
        <LocalTile call={call} details={details} name={session.name} />
        {showsConnection.value && details && (
          <ConnectionPanel
            details={details}
            onClose={() => {
              showsConnection.value = false;
            }}
          />
        )}
      </div>
      {placeOf(call) === "stage" && <CallBar call={call} details={details} desk={desk} />}
      {desk.chatOpen.value && (
        <ChatPanel details={details} desk={desk} name={call.remote.displayName} phase={call.phase} />
      )}
    </main>
  );
}

function Banner({ call, details }: StageProps) {
  const banner = callBanner(call, details, useSession().isLinkLost.value);
  if (!banner) return null;
  return (
    <p class="banner" data-testid="banner" data-banner={banner}>
      <Icon name={holdOf(call) && call.phase === "live" ? "hold" : "warning"} size={18} />
      {texts.banner[banner](call.remote.displayName)}
    </p>
  );
}
