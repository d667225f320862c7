import type { TabPorts } from "./tab-desk.ts";

/** What the tabs of this browser share. On an insecure page there are no locks. */
export function browserTabs(): TabPorts {
  const { locks } = navigator as Partial<Pick<Navigator, "locks">>;
  return {
    locks,
    openChannel: "BroadcastChannel" in globalThis ? (name) => new BroadcastChannel(name) : undefined,
    storage: sessionStorage,
    page: window,
  };
}
