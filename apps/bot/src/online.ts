import type { Peerline, PeerlineView } from "@peerline/client";

/** Resolves with the first view, present or future, for which `wanted` holds. Rejects when the session stops before. */
export function until(peerline: Peerline, wanted: (view: PeerlineView) => boolean): Promise<PeerlineView> {
  return new Promise((resolve, reject) => {
    const look = (view: PeerlineView) => {
      if (wanted(view)) finish(() => resolve(view));
      else if (view.stopped) finish(() => reject(new Error(`${view.stopped?.code}: ${view.stopped?.text}`)));
    };
    const stop = peerline.subscribe(look);
    function finish(settle: () => void): void {
      stop();
      settle();
    }
    look(peerline.view());
  });
}
