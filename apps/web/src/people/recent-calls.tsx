import { type RecentRow, recentRows } from "../state/recent-rows.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";
import { Moment } from "../ui/moment.tsx";

/** The calls that are over: which way, with whom, how they ended, when. UX 1.2. */
export function RecentCalls() {
  const rows = recentRows(useSession().view.value.recent);
  if (rows.length === 0) return null;
  return (
    <section class="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">{texts.recent.title}</h2>
      <ul class="recent-list">
        {rows.map((row) => (
          <Recent key={row.callId} row={row} />
        ))}
      </ul>
    </section>
  );
}

function Recent({ row }: { readonly row: RecentRow }) {
  const isOutgoing = row.role === "caller";
  return (
    <li class="recent-call" data-missed={row.missed} data-testid={`recent-${row.remote.user}`}>
      <Icon name={isOutgoing ? "outgoing" : "incoming"} size={18} />
      <span class="visually-hidden">{texts.recent.direction[row.role]}</span>
      <span class="recent-name">{row.remote.displayName}</span>
      <span class="recent-outcome">{row.outcome}</span>
      <Moment class="recent-when" at={row.at} withDay />
    </li>
  );
}
