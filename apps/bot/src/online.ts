import type { Peerline, PeerlineView } from "@peerline/client";
import { SessionOver } from "./exit-codes.ts";

/**
 * Resolves with the first view, present or future, for which `wanted` holds. Rejects with `SessionOver` when the session stops
 * before.
 */
export function until(peerline: Peerline, wanted: (view: PeerlineView) => boolean): Promise<PeerlineView> {
  return new Promise((resolve, reject) => {
    const look = (view: PeerlineView) => {
      if (wanted(view)) finish(() => resolve(view));
      else if (view.stopped) finish(() => reject(sessionOver(view)));
    };
    const stop = peerline.subscribe(look);
    function finish(settle: () => void): void {
      stop();
      settle();
    }
    look(peerline.view());
  });
}

/** What is wrong and what mends it, as the view says. */
export function sessionOver({ trouble, stopped }: PeerlineView): SessionOver {
  return new SessionOver(trouble?.text ?? stopped?.text ?? "The session is over.");
}
