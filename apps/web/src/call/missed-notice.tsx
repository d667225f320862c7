import { useState } from "preact/hooks";
import { missedRows } from "../state/recent-rows.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";

/** Who called in vain while this call went on. PROTOCOL row 18. */
export function MissedNotice() {
  const { peerline, view } = useSession();
  const rows = missedRows(view.value.recent);
  const [known] = useState(() => new Set(rows.flatMap(({ callIds }) => callIds)));
  const fresh = rows.filter(({ callIds }) => callIds.some((callId) => !known.has(callId)));
  return fresh.map(({ remote, callIds }) => (
    <div key={remote.user} class="stage-notice" data-testid={`notice-missed-${remote.user}`}>
      <Icon name="missed" size={18} />
      <p>{texts.recent.missed(remote.displayName, callIds.length)}</p>
      <button
        type="button"
        class="icon-button"
        aria-label={texts.recent.dismiss(remote.displayName)}
        onClick={() => peerline.markSeen(callIds)}
      >
        <Icon name="close" size={16} />
      </button>
    </div>
  ));
}
