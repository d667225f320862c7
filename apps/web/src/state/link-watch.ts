import type { LinkState } from "@peerline/call-machine";
import { effect, type ReadonlySignal, signal } from "@preact/signals";

/** A link that is back sooner was no loss that a person has to know of. PROTOCOL row 58. */
const quietMs = 15_000;

/** Whether the link has been down for so long that a person in a call is told. */
export interface LinkWatch {
  readonly isLost: ReadonlySignal<boolean>;
  dispose(): void;
}

/** Follows the link of `view`: lost after 15 s without it, found as soon as it is up. */
export function watchLink(view: ReadonlySignal<{ readonly link: LinkState }>): LinkWatch {
  const isLost = signal(false);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  const unfollow = effect(() => {
    if (view.value.link === "online") {
      stop();
      isLost.value = false;
      return;
    }
    timer ??= setTimeout(() => {
      isLost.value = true;
    }, quietMs);
  });
  return {
    isLost,
    dispose() {
      unfollow();
      stop();
    },
  };
}
