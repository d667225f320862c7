import type { CallView } from "@peerline/call-machine";
import type { CallDetails } from "@peerline/client";
import { endText } from "../state/end-text.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { useAddress } from "../ui/address.tsx";
import { Avatar } from "../ui/avatar.tsx";
import { focusOnMount } from "../ui/focus-on-mount.ts";
import { Icon } from "../ui/icon.tsx";

/** Why it ended, how long it was, and what next. UX 1.9. */
export function EndedCall({
  call,
  details,
}: {
  readonly call: CallView;
  readonly details: CallDetails | undefined;
}) {
  const session = useSession();
  const { route } = useAddress();
  const { remote, end } = call;
  const name = remote.displayName;

  function leave(): void {
    route(session.href("/"), true);
    session.peerline.dismiss();
  }

  return (
    <main class="stage" data-ended>
      <div class="stage-middle">
        <Avatar name={name} user={remote.user} size="large" />
        <p class="stage-who">{name}</p>
        <h1
          class="stage-sentence"
          tabIndex={-1}
          ref={focusOnMount}
          data-testid="end-reason"
          data-reason={end?.reason}
          data-by={end?.by}
        >
          {end ? endText({ end, role: call.role, name }) : texts.phase.ended()}
        </h1>
        <Summary call={call} details={details} />
        <div class="stage-actions">
          <button
            type="button"
            class="button button-primary"
            disabled={session.view.value.link !== "online"}
            data-testid="call-again"
            onClick={() => session.peerline.dial(remote.user, call.kind)}
          >
            <Icon name={call.kind === "video" ? "camera" : "phone"} size={20} />
            {texts.call.again}
          </button>
          <button type="button" class="button" data-testid="back-to-people" onClick={leave}>
            {texts.call.back}
          </button>
        </div>
        <span class="visually-hidden" data-testid="call-phase" data-phase="ended">
          {texts.phase.ended()}
        </span>
      </div>
    </main>
  );
}

function Summary({ call, details }: { readonly call: CallView; readonly details: CallDetails | undefined }) {
  const path = details?.stats?.selectedPair?.path;
  const parts = [
    call.end?.talkedMs !== undefined && path ? texts.connection.pathSummary[path] : undefined,
    call.interruptions > 0 ? texts.call.interruptions(call.interruptions) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? <p class="quiet">{parts.join(" · ")}</p> : null;
}
