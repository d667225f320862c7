import type { Peerline } from "@peerline/client";

/** A page that was hidden for less has heard its pings. */
const longHiddenMs = 20_000;

/**
 * Tells the Peerline what happens to its page: going away ends the session but leaves the calls the detach grace; waking up and coming
 * online reconnect at once. A page that the browser brings back from its cache has no session any more and starts anew. Returns the way out.
 */
export function followPage(peerline: Pick<Peerline, "wake" | "close">, page: Window): () => void {
  const stop = new AbortController();
  let hiddenSince = 0;
  const { signal } = stop;
  page.addEventListener("pagehide", () => peerline.close("page-gone"), { signal });
  page.addEventListener("pageshow", (event) => event.persisted && page.location.reload(), { signal });
  page.addEventListener("online", () => peerline.wake(), { signal });
  page.document.addEventListener(
    "visibilitychange",
    () => {
      if (page.document.visibilityState === "hidden") hiddenSince = page.performance.now();
      else if (page.performance.now() - hiddenSince >= longHiddenMs) peerline.wake();
    },
    { signal },
  );
  return () => stop.abort();
}
