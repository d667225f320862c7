import type { CertificateStore, StoredCertificate } from "./certificate-store.ts";

const databaseName = "peerline";
const tableName = "certificates";
const version = 1;

interface Row extends StoredCertificate {
  /** Two tabs may be the two ends of one call: each has its own. */
  readonly endpointId: string;
}

/** Gives the page's databases; may throw where site data is blocked, and give nothing where there are none. */
type OpenFactory = () => IDBFactory | null | undefined;

const pageFactory: OpenFactory = () => globalThis.indexedDB;

/**
 * Certificates in the page's IndexedDB; a private key that cannot be read leaves with the structured clone
 * (https://www.w3.org/TR/webrtc/#dom-rtccertificate). An endpoint sees only its own. Never
 * throws: what the browser refuses is a rejection of each use.
 */
export function createIndexedDbStore(endpointId: string, factory = pageFactory): CertificateStore {
  const database = openDatabase(factory);
  // Rejections are told by each use.
  database.catch(() => undefined);

  async function table(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    return (await database).transaction(tableName, mode).objectStore(tableName);
  }

  return {
    async all() {
      const rows: unknown[] = await settled((await table("readonly")).getAll(ownKeys(endpointId)));
      return rows.filter(isRow);
    },
    async put(stored) {
      const row: Row = { ...stored, endpointId };
      await settled((await table("readwrite")).put(row));
    },
    async remove(callId) {
      await settled((await table("readwrite")).delete([endpointId, callId]));
    },
  };
}

/** Deletes what no call can need any more, of every endpoint of this page's origin. */
export async function forgetOlderThan(since: number, factory = pageFactory): Promise<void> {
  const database = await openDatabase(factory);
  const rows = database.transaction(tableName, "readwrite").objectStore(tableName).openCursor();
  await new Promise<void>((resolve, reject) => {
    rows.onerror = () => reject(rows.error ?? new TypeError("cursor refused"));
    rows.onsuccess = () => {
      const cursor = rows.result;
      if (cursor === null) return resolve();
      if (!isRow(cursor.value) || cursor.value.since < since) cursor.delete();
      cursor.continue();
    };
  });
  database.close();
}

async function openDatabase(factory: OpenFactory): Promise<IDBDatabase> {
  const databases = factory();
  if (!databases) throw new TypeError("this page has no IndexedDB");
  const request = databases.open(databaseName, version);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(tableName, { keyPath: ["endpointId", "callId"] });
  };
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new TypeError("IndexedDB refused"));
  });
}

function ownKeys(endpointId: string): IDBKeyRange {
  return IDBKeyRange.bound([endpointId], [endpointId, []]);
}

function isRow(value: unknown): value is Row {
  const { callId, certificate, since }: Partial<Record<keyof Row, unknown>> = Object(value);
  return typeof callId === "string" && typeof since === "number" && certificate instanceof RTCCertificate;
}
