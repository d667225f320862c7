import { attempt } from "./attempt.ts";

/** The browser's locks; `undefined` where there are none. */
export type PageLocks = Pick<LockManager, "request"> | undefined;

/** How long a browser may take to say whether a lock is free, in ms. */
export const lockAnswerMs = 1_000;

/** A wish for a lock, which is held until `signal` aborts, another page steals it or the page is gone. */
export interface LockWish {
  readonly name: string;
  /** `try`: only if it is free now. `wait`: behind the others. `steal`: whoever has it. */
  readonly how: "try" | "wait" | "steal";
  /** Gives the lock back, or the wait up: nothing is said from then on. */
  readonly signal: AbortSignal;
  /** What no answer within `afterMs` means. Absent: it may take for ever. */
  readonly silence?: { readonly afterMs: number; readonly means: LockAnswer } | undefined;
}

/** `granted` also stands for a browser that keeps no locks: then there is nobody to wait for. */
export type LockAnswer = "granted" | "taken";

export interface LockListener {
  /** At most one of these two, once. */
  readonly granted: () => void;
  readonly taken?: () => void;
  /** Another page has stolen it. */
  readonly lost?: () => void;
}

/**
 * Asks for a lock (https://www.w3.org/TR/web-locks/) of a browser that may have none, may refuse (site data is blocked) or may never answer. Answers
 * before it returns where there are no locks.
 */
export function requestLock(
  locks: PageLocks,
  { name, how, signal, silence }: LockWish,
  on: LockListener,
): void {
  const waiting = new AbortController();
  const { promise: end, resolve: giveBack } = Promise.withResolvers<void>();
  const timer = silence && setTimeout(() => answer(silence.means), silence.afterMs);
  let isOpen = true;
  let isHeld = false;

  function answer(means: LockAnswer): void {
    clearTimeout(timer);
    if (!isOpen) return;
    isOpen = false;
    if (means === "taken") waiting.abort();
    on[means]?.();
  }

  function grant(lock: unknown): Promise<void> | undefined {
    if (waiting.signal.aborted) return undefined;
    isHeld = lock !== null;
    answer(isHeld ? "granted" : "taken");
    return isHeld ? end : undefined;
  }

  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    isOpen = false;
    isHeld = false;
    waiting.abort();
    giveBack();
  });
  const options = { try: { ifAvailable: true }, wait: { signal: waiting.signal }, steal: { steal: true } };
  const asked = attempt(() => locks?.request(name, options[how], grant));
  if (!asked) answer("granted");
  else Promise.resolve(asked).catch(() => (isHeld ? on.lost?.() : answer("granted")));
}
