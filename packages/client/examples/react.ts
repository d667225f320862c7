import type { Peerline, PeerlineView } from "@peerline/client";

/** React's `useSyncExternalStore`, or preact/compat's. */
type UseStore = <T>(subscribe: (onChange: () => void) => () => void, read: () => T) => T;

/** `usePeerline` of a component: renders again after each change. */
export function createUsePeerline(useSyncExternalStore: UseStore, peerline: Peerline): () => PeerlineView {
  return () => useSyncExternalStore(peerline.subscribe, peerline.view);
}
