import type { CallView } from "@peerline/call-machine";
import { placeOf } from "../state/call-selectors.ts";
import { endText } from "../state/end-text.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";

/** On the list of people: the call that goes on, or how the last one ended. */
export function CallNote() {
  const session = useSession();
  const { call } = session.view.value;
  const place = placeOf(call);
  if (!call || !place || place === "overlay") return null;
  return place === "stage" ? <Ongoing call={call} /> : <Ended call={call} />;
}

function Ongoing({ call }: { readonly call: CallView }) {
  const session = useSession();
  return (
    <section class="note note-ongoing">
      <Icon name="phone" size={20} />
      <p>{texts.people.returnTo(call.remote.displayName)}</p>
      <a
        class="button button-primary"
        href={session.href(`/call/${call.callId}`)}
        data-testid="return-to-call"
      >
        {texts.people.return}
      </a>
    </section>
  );
}

/** A missed one is among the missed calls. */
function Ended({ call }: { readonly call: CallView }) {
  const { peerline, view } = useSession();
  const isMissed = view.value.recent.some(({ callId, missed }) => missed && callId === call.callId);
  if (!call.end || isMissed) return null;
  return (
    <section class="note">
      <Icon name="phone" size={20} />
      <p data-testid="end-reason" data-reason={call.end.reason}>
        {endText({ end: call.end, role: call.role, name: call.remote.displayName })}
      </p>
      <button
        type="button"
        class="icon-button"
        aria-label={texts.people.dismiss}
        data-testid="dismiss"
        onClick={() => peerline.dismiss()}
      >
        <Icon name="close" size={18} />
      </button>
    </section>
  );
}
