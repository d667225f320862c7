import { type PageLocks, requestLock } from "./page-locks.ts";
import type { TextStorage } from "./page-storage.ts";

/** What claiming an endpoint id needs of the browser. */
export interface EndpointIdPorts {
  readonly storage: Pick<TextStorage, "getItem" | "setItem">;
  /** `undefined` where there are none: then a duplicated tab is not noticed. */
  readonly locks: PageLocks;
  /** Ids whose lock this page has already. */
  readonly held: Set<string>;
  /** 32 fresh hex digits. */
  readonly newId: () => string;
}

/** How long the tab's previous page may take to give its endpoint id back after a reload, in ms. */
export const endpointPatienceMs = 400;

/**
 * The tab's endpoint id, the same after a reload. A duplicated tab copies the storage but finds the lock taken: it gets a new id.
 * The lock is held for as long as the page lives. PROTOCOL 1.1.
 */
export async function claimEndpointId(user: string, ports: EndpointIdPorts): Promise<string> {
  const key = `peerline.endpoint.${user}`;
  const stored = ports.storage.getItem(key);
  const isFree = stored !== null && /^[0-9a-f]{32}$/.test(stored) && (await hold(stored, ports));
  if (isFree) return stored;
  const fresh = ports.newId();
  await hold(fresh, ports);
  ports.storage.setItem(key, fresh);
  return fresh;
}

/** True when the lock is held from now on, for as long as the page lives. */
async function hold(id: string, { locks, held }: EndpointIdPorts): Promise<boolean> {
  if (held.has(id)) return true;
  const isGranted = await new Promise<boolean>((resolve) => {
    const silence = { afterMs: endpointPatienceMs, means: "taken" } as const;
    requestLock(
      locks,
      { name: `endpoint:${id}`, how: "wait", signal: new AbortController().signal, silence },
      { granted: () => resolve(true), taken: () => resolve(false) },
    );
  });
  if (isGranted) held.add(id);
  return isGranted;
}

const idBytes = 16;

/** 16 random bytes as 32 hex digits. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idBytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
