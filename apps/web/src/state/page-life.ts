import type { Peerline } from "@peerline/client";

/** A page that was hidden for less has heard its pings. */
const longHiddenMs = 20_000;

type Followed = Pick<Peerline, "wake" | "networkChanged" | "setOnline" | "close" | "view">;

/**
 * Tells the Peerline what happens to its page. PROTOCOL 1.13, rows 57, 70 to 72 and 76.
 *
 * - Another network, or one again: the link and every call's path are renewed at once. Without one nothing is tried.
 * - Awake after a sleep, visible after a long time, back from the browser's cache: the link is checked at once.
 * - Going away: the session ends and leaves its calls the detach grace. One without calls is kept when the browser may
 *   keep the page. A page that comes back after its session ended starts anew.
 *
 * Returns the way out.
 */
export function followPage(peerline: Followed, page: Window): () => void {
  const stop = new AbortController();
  followNetwork(peerline, page, stop.signal);
  followSleep(peerline, page, stop.signal);
  followLeaving(peerline, page, stop.signal);
  return () => stop.abort();
}

function followNetwork(peerline: Followed, page: Window, signal: AbortSignal): void {
  page.addEventListener("online", () => peerline.setOnline(true), { signal });
  page.addEventListener("offline", () => peerline.setOnline(false), { signal });
  const changed = () => peerline.networkChanged();
  connectionOf(page.navigator)?.addEventListener("change", changed, { signal });
}

/** The Network Information API, where there is one. https://wicg.github.io/netinfo/ */
function connectionOf(navigator: Navigator & { readonly connection?: EventTarget }): EventTarget | undefined {
  return navigator.connection;
}

function followSleep(peerline: Followed, page: Window, signal: AbortSignal): void {
  const { document, performance } = page;
  let hiddenSince = 0;
  document.addEventListener("resume", () => peerline.wake(), { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "hidden") {
        hiddenSince = performance.now();
        return;
      }
      const wasLong = performance.now() - hiddenSince >= longHiddenMs;
      if (wasLong || peerline.view().link !== "online") peerline.wake();
    },
    { signal },
  );
}

function followLeaving(peerline: Followed, page: Window, signal: AbortSignal): void {
  let isGone = false;
  page.addEventListener(
    "pagehide",
    ({ persisted }) => {
      if (persisted && peerline.view().calls.length === 0) return;
      isGone = true;
      peerline.close("page-gone");
    },
    { signal },
  );
  page.addEventListener(
    "pageshow",
    ({ persisted }) => {
      if (!persisted) return;
      if (isGone) page.location.reload();
      else peerline.wake();
    },
    { signal },
  );
}
