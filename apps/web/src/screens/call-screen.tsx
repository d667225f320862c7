import { useEffect } from "preact/hooks";
import { EndedCall } from "../call/ended-call.tsx";
import { Stage } from "../call/stage.tsx";
import { asShown, placeOf } from "../state/call-selectors.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { useAddress } from "../ui/address.tsx";

/** One call, from the dial to its end: states of one page, so that nothing jumps. UX 1.4, 1.5, 1.9. */
export function CallScreen({ id }: { readonly id: string }) {
  const { call, details } = useSession().view.value;
  if (call?.callId !== id) return <NoSuchCall />;
  if (call.phase === "ended") return <EndedCall call={call} details={details} />;
  return <Stage call={asShown(call, details)} details={details} />;
}

/** Nothing to show at this address, such as after a reload: back to the people, who show how the last call ended. */
function NoSuchCall() {
  const session = useSession();
  const { route } = useAddress();
  const { link, call, trouble } = session.view.value;
  const isSettled = (link !== "connecting" || trouble !== undefined) && placeOf(call) !== "stage";
  useEffect(() => {
    if (isSettled) route(session.href("/"), true);
  }, [isSettled, route, session]);
  return (
    <main class="stage">
      <div class="stage-middle">
        <h1 class="stage-sentence">{texts.link.returning}</h1>
        <a class="button" href={session.href("/")} data-testid="back-to-people">
          {texts.call.back}
        </a>
      </div>
    </main>
  );
}
