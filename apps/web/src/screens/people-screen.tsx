import { CallNote } from "../people/call-note.tsx";
import { LinkPill } from "../people/link-pill.tsx";
import { MissedCalls } from "../people/missed-calls.tsx";
import { NobodyHere } from "../people/nobody-here.tsx";
import { PersonItem } from "../people/person-item.tsx";
import { RecentCalls } from "../people/recent-calls.tsx";
import { linkLook } from "../state/link-look.ts";
import { peopleRows } from "../state/people-rows.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { troubleText } from "../state/trouble-text.ts";
import { Avatar } from "../ui/avatar.tsx";
import { focusOnMount } from "../ui/focus-on-mount.ts";
import { Icon } from "../ui/icon.tsx";
import { useSlow } from "../ui/use-now.ts";
import { Wordmark } from "../ui/wordmark.tsx";

/** A first connection that takes longer is called "No server". */
const slowLinkMs = 5_000;

/** Everyone who can be called. UX 1.2. */
export function PeopleScreen() {
  const session = useSession();
  const view = session.view.value;
  const isSlow = useSlow(view.link === "connecting", slowLinkMs);
  const trouble = troubleText(isSlow ? { ...view, link: "interrupted" } : view, session.serverUrl);
  const look = linkLook(view.link, trouble !== undefined);
  const rows = peopleRows(view);
  return (
    <div class="page">
      <PageHeader look={<LinkPill look={look} />} />
      <main class="people">
        <h1 tabIndex={-1} ref={focusOnMount}>
          {texts.people.title}
        </h1>
        {trouble && (
          <p class="strip strip-warn" data-testid="trouble">
            {trouble}
          </p>
        )}
        <CallNote />
        <MissedCalls />
        <ul class="person-list" data-stale={view.link !== "online"}>
          {rows.map((row) => (
            <PersonItem key={row.user} row={row} onCall={(kind) => session.peerline.dial(row.user, kind)} />
          ))}
        </ul>
        {!trouble && rows.every(({ isEcho }) => isEcho) && (
          <NobodyHere isLoading={view.link === "connecting"} />
        )}
        <RecentCalls />
      </main>
    </div>
  );
}

function PageHeader({ look }: { readonly look: preact.JSX.Element }) {
  const session = useSession();
  const { user } = session.view.value;
  return (
    <header class="page-header">
      <Wordmark />
      {look}
      <span class="self" title={texts.link.you(session.name)} data-testid="self">
        <Avatar name={session.name} user={user} size="small" />
        <span class="self-name">{session.name}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={texts.link.signOut}
        title={texts.link.signOut}
        data-testid="sign-out"
        onClick={session.signOut}
      >
        <Icon name="signOut" size={20} />
      </button>
    </header>
  );
}
