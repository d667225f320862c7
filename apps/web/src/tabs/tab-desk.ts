import { attempt } from "../state/attempt.ts";
import { type LockWish, lockAnswerMs, type PageLocks, requestLock } from "../state/page-locks.ts";
import type { TextStorage } from "../state/page-storage.ts";
import { decideTab, type TabEffect, type TabInput, type TabMessage, type TabState } from "./tab-decision.ts";

/** A way to the person's other tabs. `BroadcastChannel` fits. */
export interface TabChannel {
  postMessage(message: TabMessage): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  close(): void;
}

/** What the tabs of a browser share. */
export interface TabPorts {
  /** `undefined` on insecure pages, in old browsers and where site data is blocked: then every tab leads. */
  readonly locks: PageLocks;
  /** `undefined`: tabs do not hear of each other. */
  readonly openChannel: (name: string) => TabChannel | undefined;
  /** Of the tab: survives a reload. */
  readonly storage: TextStorage;
  /** Says `pagehide`. */
  readonly page: Pick<EventTarget, "addEventListener">;
}

export interface TabListener {
  readonly onState: (state: TabState) => void;
  /** Open the session: this tab leads. */
  readonly onLead: () => void;
  /** Close the session and leave its calls the detach grace: another tab leads. */
  readonly onYield: () => void;
  /** The person signed out, here or in another tab. */
  readonly onSignedOut: () => void;
}

/** One tab among the tabs of one person. */
export interface TabDesk {
  setBusy(busy: boolean): void;
  takeOver(): void;
  signOut(): void;
  /** Gives the lock back and hears nothing more. */
  leave(): void;
}

/** Joins the tabs of whoever `name` stands for. The listener is called from here on, also before this returns. */
export function joinTabs(name: string, ports: TabPorts, listener: TabListener): TabDesk {
  const ledKey = `peerline.led.${name}`;
  const left = new AbortController();
  const channel = ports.openChannel(`peerline.tabs ${name}`);
  let state: TabState = { phase: "joining", returns: ports.storage.getItem(ledKey) !== null };
  ports.storage.removeItem(ledKey);

  const lock = createLeaderLock(`peerline.leader ${name}`, ports.locks, (input) => receive(input));

  function receive(input: TabInput): void {
    const [next, effects] = decideTab(state, input);
    const changed = next !== state;
    state = next;
    for (const effect of effects) perform(effect);
    if (changed) listener.onState(state);
  }

  function perform(effect: TabEffect): void {
    if (effect.type === "queue") lock.queue();
    if (effect.type === "steal") lock.steal();
    if (effect.type === "post") attempt(() => channel?.postMessage(effect.message));
    if (effect.type === "open") listener.onLead();
    if (effect.type === "close") listener.onYield();
    if (effect.type === "signed-out") listener.onSignedOut();
  }

  channel?.addEventListener("message", ({ data }) => {
    if (isTabMessage(data) && !left.signal.aborted) receive({ type: "message", message: data });
  });
  ports.page.addEventListener(
    "pagehide",
    () => {
      if (state.phase === "leading") ports.storage.setItem(ledKey, "1");
    },
    { signal: left.signal },
  );
  lock.tryNow();
  return {
    setBusy: (busy) => receive({ type: "busy", busy }),
    takeOver: () => receive({ type: "take-over" }),
    signOut: () => receive({ type: "sign-out" }),
    leave() {
      left.abort();
      state = { phase: "left" };
      lock.release();
      attempt(() => channel?.close());
    },
  };
}

const messageTypes: ReadonlySet<unknown> = new Set<TabMessage["type"]>([
  "who-leads",
  "leading",
  "signed-out",
]);

/** Another version of the app may be open in another tab. */
function isTabMessage(data: unknown): data is TabMessage {
  return typeof data === "object" && data !== null && "type" in data && messageTypes.has(data.type);
}

interface LeaderLock {
  /** Reports `lock.granted` or `lock.taken`. */
  tryNow(): void;
  /** Reports `lock.granted` once it is this tab's turn. */
  queue(): void;
  /** Takes it from whoever has it, and reports `lock.granted`. */
  steal(): void;
  release(): void;
}

/** The lock that one tab holds at a time. Each request takes the place of the one before. */
function createLeaderLock(
  name: string,
  locks: PageLocks,
  report: (input: Extract<TabInput, { readonly type: `lock.${string}` }>) => void,
): LeaderLock {
  let current = new AbortController();

  function request(how: LockWish["how"], silence: LockWish["silence"]): void {
    current.abort();
    current = new AbortController();
    requestLock(
      locks,
      { name, how, signal: current.signal, silence },
      {
        granted: () => report({ type: "lock.granted" }),
        taken: () => report({ type: "lock.taken" }),
        lost: () => report({ type: "lock.lost" }),
      },
    );
  }

  return {
    tryNow: () => request("try", alone),
    queue: () => request("wait", undefined),
    steal: () => request("steal", alone),
    release: () => current.abort(),
  };
}

/** A browser that says nothing about a lock keeps none. */
const alone = { afterMs: lockAnswerMs, means: "granted" } as const;
