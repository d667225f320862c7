import type { PeerlineView } from "@peerline/client";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { type Announcement, announcement } from "../state/announcement.ts";

/** Changes in quick succession are said as the last of them. UX 3.2. */
const settleMs = 150;
/** What was said and stands there for longer is read, by who moves through the page, as if it were so now. */
const staysMs = 5_000;

export interface LiveRegionsProps {
  readonly view: ReadonlySignal<PeerlineView>;
  readonly isLinkLost: ReadonlySignal<boolean>;
  readonly serverUrl: string;
}

/** The two regions that a screen reader listens to. They are there before there is anything to say. */
export function LiveRegions({ view, isLinkLost, serverUrl }: LiveRegionsProps) {
  const [said] = useState(() => ({ polite: signal(""), assertive: signal("") }));
  useEffect(
    () =>
      announce({ view, isLinkLost, serverUrl }, ({ urgency, text }) => {
        said[urgency].value = text;
      }),
    [view, isLinkLost, serverUrl, said],
  );
  return (
    <div class="visually-hidden">
      <div role="status" aria-live="polite" data-testid="announce-polite">
        {said.polite}
      </div>
      <div role="alert" aria-live="assertive" data-testid="announce-assertive">
        {said.assertive}
      </div>
    </div>
  );
}

/**
 * Says every change of the view in its region, the same words again when they are news again, and takes them away after a while.
 * Returns the way out.
 */
export function announce(
  { view, isLinkLost, serverUrl }: LiveRegionsProps,
  say: (announcement: Announcement) => void,
): () => void {
  let before = { ...view.peek(), isLinkLost: isLinkLost.peek(), serverUrl };
  const waiting = new Map<Announcement["urgency"], ReturnType<typeof setTimeout>>();
  const stop = effect(() => {
    const now = { ...view.value, isLinkLost: isLinkLost.value, serverUrl };
    const next = announcement(before, now);
    before = now;
    if (!next) return;
    const { urgency } = next;
    const later = (afterMs: number, run: () => void) => waiting.set(urgency, setTimeout(run, afterMs));
    const clear = () => say({ urgency, text: "" });
    clearTimeout(waiting.get(urgency));
    clear();
    later(settleMs, () => {
      say(next);
      later(staysMs, clear);
    });
  });
  return () => {
    stop();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}
