import { attempt } from "../state/attempt.ts";
import { tabStorage } from "../state/page-storage.ts";
import type { TabPorts } from "./tab-desk.ts";

/** What the tabs of this browser share: less on an insecure page, or where site data is blocked. */
export function browserTabs(): TabPorts {
  return {
    locks: attempt(() => navigator.locks),
    openChannel: (name) => attempt(() => new BroadcastChannel(name)),
    storage: tabStorage,
    page: window,
  };
}
