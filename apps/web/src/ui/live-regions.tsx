import type { SessionView } from "@peerline/call-machine";
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { type Announcement, announcement } from "../state/announcement.ts";

/** Changes in quick succession are said as the last of them. UX 3.2. */
const settleMs = 150;

export interface LiveRegionsProps {
  readonly view: ReadonlySignal<SessionView>;
  readonly isLinkLost: ReadonlySignal<boolean>;
}

/** The two regions that a screen reader listens to. They are there before there is anything to say. */
export function LiveRegions({ view, isLinkLost }: LiveRegionsProps) {
  const [said] = useState(() => ({ polite: signal(""), assertive: signal("") }));
  useEffect(
    () =>
      announce({ view, isLinkLost }, ({ urgency, text }) => {
        said[urgency].value = text;
      }),
    [view, isLinkLost, said],
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
  { view, isLinkLost }: LiveRegionsProps,
  say: (announcement: Announcement) => void,
): () => void {
  let before = { ...view.peek(), isLinkLost: isLinkLost.peek() };
  const waiting = new Map<Announcement["urgency"], ReturnType<typeof setTimeout>>();
  const stop = effect(() => {
    const now = { ...view.value, isLinkLost: isLinkLost.value };
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
