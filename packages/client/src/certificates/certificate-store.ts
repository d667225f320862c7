import type { CallId } from "@peerline/call-machine";

/** A call's certificate, as kept over a reload of the page. */
export interface StoredCertificate {
  readonly callId: CallId;
  readonly certificate: RTCCertificate;
  /** Wall clock, in ms. */
  readonly since: number;
}

/** Keeps one endpoint's certificates. Every promise may reject; the keeper then goes on without. */
export interface CertificateStore {
  /** Everything that is kept. */
  all(): Promise<readonly StoredCertificate[]>;
  put(stored: StoredCertificate): Promise<void>;
  remove(callId: CallId): Promise<void>;
}

/** For tests, and for one process's life. */
export function createMemoryStore(stored: readonly StoredCertificate[] = []): CertificateStore {
  const kept = new Map(stored.map((one) => [one.callId, one]));
  return {
    all: async () => [...kept.values()],
    put: async (one) => void kept.set(one.callId, one),
    remove: async (callId) => void kept.delete(callId),
  };
}
