import { type ReadonlySignal, signal } from "@preact/signals";

/** What has not begun to play by then waits for a click, in ms. */
export const playAnswerMs = 2_000;

/** Plays elements that a browser keeps still until the person clicks: all of them with one click. */
export interface PlayGate {
  /** Something waits for a click. */
  readonly isShut: ReadonlySignal<boolean>;
  play(element: HTMLMediaElement): void;
  /** There is nothing to play in it any more. */
  forget(element: HTMLMediaElement): void;
  /** To be called from a click: plays whatever was refused. */
  open(): void;
}

export function createPlayGate(): PlayGate {
  const refused = new Set<HTMLMediaElement>();
  const isShut = signal(false);

  function note(element: HTMLMediaElement, isRefused: boolean): void {
    if (isRefused) refused.add(element);
    else refused.delete(element);
    isShut.value = refused.size > 0;
  }

  async function play(element: HTMLMediaElement): Promise<void> {
    // A picture without frames is not answered either, but it is no longer paused.
    const timer = setTimeout(() => element.paused && note(element, true), playAnswerMs);
    try {
      await element.play();
      note(element, false);
    } catch (error) {
      if (isRefusal(error)) note(element, true);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    isShut,
    play: (element) => void play(element),
    forget: (element) => note(element, false),
    open() {
      for (const element of refused) void play(element);
    },
  };
}

/** Every other rejection means that the element got something else to play. */
function isRefusal(error: unknown): boolean {
  return error instanceof DOMException && error.name === "NotAllowedError";
}

/** Of this page. */
export const playGate = createPlayGate();
