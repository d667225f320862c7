import { useEffect } from "preact/hooks";
import { texts } from "../state/texts.ts";
import { focusOnMount } from "../ui/focus-on-mount.ts";
import { Wordmark } from "../ui/wordmark.tsx";

export interface StandbyProps {
  /** The other tab is in a call: it keeps the session. */
  readonly leaderBusy: boolean;
  readonly onTakeOver: () => void;
  readonly onSignOut: () => void;
}

/** Another tab of the same person has the session; this one takes over when that one closes, or when the person says so. */
export function StandbyScreen({ leaderBusy, onTakeOver, onSignOut }: StandbyProps) {
  // The code of the session is then there when it is needed.
  useEffect(() => void import("@peerline/client"), []);
  return (
    <main class="centred-page">
      <div class="card" data-testid="standby">
        <Wordmark />
        <h1 class="message" tabIndex={-1} ref={focusOnMount}>
          {texts.standby.title}
        </h1>
        <p class="quiet" role="status" data-testid="standby-hint">
          {leaderBusy ? texts.standby.busy : texts.standby.lead}
        </p>
        <button
          type="button"
          class="button button-primary"
          disabled={leaderBusy}
          data-testid="use-it-here"
          onClick={onTakeOver}
        >
          {texts.standby.takeOver}
        </button>
        <button type="button" class="button" data-testid="sign-out" onClick={onSignOut}>
          {texts.link.signOut}
        </button>
      </div>
    </main>
  );
}
