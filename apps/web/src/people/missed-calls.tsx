import { type MissedRow, missedRows } from "../state/recent-rows.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";
import { Moment } from "../ui/moment.tsx";

/** Who called in vain: before everything else, until the person has seen it. UX 1.2. */
export function MissedCalls() {
  const { view } = useSession();
  const rows = missedRows(view.value.recent);
  if (rows.length === 0) return null;
  return (
    <section class="missed" aria-labelledby="missed-title">
      <h2 id="missed-title" class="visually-hidden">
        {texts.recent.missedTitle}
      </h2>
      <ul class="missed-list">
        {rows.map((row) => (
          <Missed key={row.remote.user} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Missed({ row }: { readonly row: MissedRow }) {
  const { peerline, view } = useSession();
  const { displayName: name, user } = row.remote;
  const { call, calls, link } = view.value;
  const isLast = call !== undefined && row.callIds.includes(call.callId);

  function leave(): void {
    peerline.markSeen(row.callIds);
    if (isLast) peerline.dismiss();
  }

  return (
    <li class="note" data-missed="true" data-testid={`missed-${user}`}>
      <Icon name="missed" size={20} />
      <p>
        <span
          data-testid={isLast ? "end-reason" : undefined}
          data-reason={isLast ? call.end?.reason : undefined}
        >
          {texts.recent.missed(name, row.callIds.length)}
        </span>
        <Moment class="note-when" at={row.at} withDay />
      </p>
      <button
        type="button"
        class="button"
        disabled={link !== "online" || calls.length > 0}
        aria-label={texts.recent.callBackTo(name)}
        data-testid="call-back"
        onClick={() => {
          leave();
          peerline.dial(user, row.kind);
        }}
      >
        {texts.people.callBack}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={texts.recent.dismiss(name)}
        title={texts.people.dismiss}
        data-testid="dismiss"
        onClick={leave}
      >
        <Icon name="close" size={18} />
      </button>
    </li>
  );
}
