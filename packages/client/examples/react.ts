import type { Peerline, PeerlineView } from "@peerline/client";

/** React's `useSyncExternalStore`, or preact/compat's. */
type UseStore = <T>(
  subscribe: (onChange: () => void) => () => void,
  read: () => T,
  readOnServer: () => T,
) => T;

/**
 * `usePeerline` of a component: renders again after each change. On a server, where nobody is signed in, there is no Peerline
 * and no view; neither is there in the first render of a page that a server has rendered.
 */
export function createUsePeerline(
  useSyncExternalStore: UseStore,
  peerline: Peerline | undefined,
): () => PeerlineView | undefined {
  const subscribe = peerline?.subscribe ?? (() => () => {});
  const read = () => peerline?.view();
  return () => useSyncExternalStore(subscribe, read, () => undefined);
}
