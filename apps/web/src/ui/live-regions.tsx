import type { PeerlineView } from "@peerline/client";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { type Announcement, announcement } from "../state/announcement.ts";

/** Changes in quick succession are said as the last of them. UX 3.2. */
const settleMs = 150;

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

function announce(
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
    clearTimeout(waiting.get(next.urgency));
    waiting.set(
      next.urgency,
      setTimeout(() => say(next), settleMs),
    );
  });
  return () => {
    stop();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}
