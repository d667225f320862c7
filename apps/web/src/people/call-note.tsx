import type { CallView } from "@peerline/call-machine";
import { placeOf } from "../state/call-selectors.ts";
import { endText, isMissed } from "../state/end-text.ts";
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

function Ended({ call }: { readonly call: CallView }) {
  const { peerline, view } = useSession();
  if (!call.end) return null;
  const missed = isMissed(call.end, call.role);
  const text = endText({ end: call.end, role: call.role, name: call.remote.displayName });
  return (
    <section class="note" data-missed={missed}>
      <Icon name={missed ? "missed" : "phone"} size={20} />
      <p data-testid="end-reason" data-reason={call.end.reason}>
        {text}
      </p>
      {missed && (
        <button
          type="button"
          class="button"
          disabled={view.value.link !== "online"}
          data-testid="call-back"
          onClick={() => peerline.dial(call.remote.user, call.kind)}
        >
          {texts.people.callBack}
        </button>
      )}
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
