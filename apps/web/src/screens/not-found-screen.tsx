import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { focusOnMount } from "../ui/focus-on-mount.ts";
import { Wordmark } from "../ui/wordmark.tsx";

/** An address that has no page. */
export function NotFoundScreen() {
  const session = useSession();
  return (
    <main class="centred-page">
      <div class="card">
        <Wordmark />
        <h1 class="message" tabIndex={-1} ref={focusOnMount}>
          {texts.app.notFound}
        </h1>
        <a class="button button-primary" href={session.href("/")}>
          {texts.call.back}
        </a>
      </div>
    </main>
  );
}
