import type { TabPorts } from "../tabs/tab-desk.ts";

/** A browser where another tab leads, and where that tab is in a call or not. */
export function tabsBehind(leaderBusy: boolean, page: TabPorts["page"]): TabPorts {
  return {
    ...alone(page),
    locks: {
      request: (_: string, options: LockOptions, run: LockGrantedCallback<unknown>) =>
        options.ifAvailable ? Promise.resolve(run(null)) : new Promise(() => {}),
    } as unknown as LockManager,
    openChannel() {
      const listeners = new Set<(event: { readonly data: unknown }) => void>();
      return {
        postMessage({ type }) {
          if (type !== "who-leads") return;
          for (const listener of listeners) listener({ data: { type: "leading", busy: leaderBusy } });
        },
        addEventListener: (_, listener) => void listeners.add(listener),
        close: () => listeners.clear(),
      };
    },
  };
}

/** A browser with this one tab. */
export function alone(page: TabPorts["page"]): TabPorts {
  return {
    locks: undefined,
    openChannel: () => undefined,
    storage: { getItem: () => null, setItem: () => {}, removeItem: () => {} },
    page,
  };
}
