import type { Peerline, PeerlineView } from "@peerline/client";
import { computed, type ReadonlySignal, signal } from "@preact/signals";

/** A Peerline's view as a signal, and parts of it. */
export interface PeerlineSignal {
  readonly view: ReadonlySignal<PeerlineView>;
  /** A part of the view; readers run only when it is another value. */
  select<T>(pick: (view: PeerlineView) => T): ReadonlySignal<T>;
  dispose(): void;
}

/** Follows `peerline` until `dispose`. `subscribe` does not replay, hence the seed. */
export function peerlineSignal(peerline: Pick<Peerline, "view" | "subscribe">): PeerlineSignal {
  const view = signal(peerline.view());
  const dispose = peerline.subscribe((next) => {
    view.value = next;
  });
  return { view, select: (pick) => computed(() => pick(view.value)), dispose };
}
