/** What claiming an endpoint id needs of the browser. */
export interface EndpointIdPorts {
  readonly storage: Pick<Storage, "getItem" | "setItem">;
  /** `undefined` on insecure pages: then a duplicated tab is not noticed. */
  readonly locks: Pick<LockManager, "request"> | undefined;
  /** Ids whose lock this page has already. */
  readonly held: Set<string>;
  /** 32 fresh hex digits. */
  readonly newId: () => string;
  /** Aborts a wait for a lock that the tab's previous page is about to give back. */
  readonly patience: () => AbortSignal;
}

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

/** True when the lock is held from now on. */
function hold(id: string, { locks, held, patience }: EndpointIdPorts): Promise<boolean> {
  if (!locks || held.has(id)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const forever = () => {
      held.add(id);
      resolve(true);
      return new Promise<never>(() => {});
    };
    locks.request(`endpoint:${id}`, { signal: patience() }, forever).catch(() => resolve(false));
  });
}

const idBytes = 16;

/** 16 random bytes as 32 hex digits. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(idBytes));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
