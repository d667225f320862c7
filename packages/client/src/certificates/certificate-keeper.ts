import { type CallId, type Clock, type Logger, wallTime } from "@peerline/call-machine";
import type { CertificateStore } from "./certificate-store.ts";

/** No call is longer: PROTOCOL 2.6, the longest call. In ms. */
export const keptForMs = 12 * 3_600_000;
/** What the store has not given by then is taken as not there, in ms. */
export const readWithinMs = 1_000;

export interface CertificateKeeperOptions {
  readonly store: CertificateStore;
  /** Usually `() => RTCPeerConnection.generateCertificate({ name: "ECDSA", namedCurve: "P-256" })`. */
  readonly generate: () => Promise<RTCCertificate>;
  readonly clock: Clock;
  readonly logger?: Logger | undefined;
}

/** One certificate per call and endpoint, so that the DTLS fingerprint outlives a rebuild and a reload. PROTOCOL D16. */
export interface CertificateKeeper {
  /** What was kept has been read, or took longer than a second. Never rejects. */
  readonly ready: Promise<void>;
  /** The call's certificate; the same each time. Undefined: none is made yet, and this call will never have one. */
  of(callId: CallId): readonly RTCCertificate[] | undefined;
  /** The calls that live now: the certificates of those that were among them before, and are no more, are forgotten. */
  keepOnly(callIds: readonly CallId[]): void;
}

/** Makes one certificate ahead, so that a call never waits for it. What cannot be kept lasts as long as the page. */
export function createCertificateKeeper(options: CertificateKeeperOptions): CertificateKeeper {
  const { store, clock, logger } = options;
  const known = new Map<CallId, readonly RTCCertificate[] | undefined>();
  const lived = new Set<CallId>();
  let spare: RTCCertificate | undefined;
  let making = false;

  function makeSpare() {
    if (making || spare !== undefined) return;
    making = true;
    const made = options.generate().then(
      (certificate) => {
        spare = certificate;
      },
      (thrown: unknown) => logger?.warn("no certificate", { error: String(thrown) }),
    );
    void made.finally(() => {
      making = false;
    });
  }

  function forget(callId: CallId) {
    known.delete(callId);
    quietly(store.remove(callId));
  }

  function quietly(work: Promise<void>) {
    work.catch((thrown: unknown) => logger?.debug("certificate not kept", { error: String(thrown) }));
  }

  async function read(): Promise<void> {
    for (const { callId, certificate, since } of await store.all()) {
      const now = wallTime(clock);
      const isOver = Math.abs(now - since) > keptForMs || certificate.expires <= now;
      if (isOver) forget(callId);
      else if (!known.has(callId)) known.set(callId, [certificate]);
    }
  }

  makeSpare();
  return {
    ready: withinASecond(clock, read(), (thrown) => {
      logger?.debug("certificates not read", { error: String(thrown) });
    }),
    of(callId) {
      if (known.has(callId)) return known.get(callId);
      const certificate = spare;
      spare = undefined;
      makeSpare();
      // A later connection of this call must not begin to show a fingerprint that its first one did not.
      known.set(callId, certificate && [certificate]);
      if (certificate) quietly(store.put({ callId, certificate, since: wallTime(clock) }));
      return known.get(callId);
    },
    keepOnly(callIds) {
      const now = new Set(callIds);
      for (const callId of lived) if (!now.has(callId)) forget(callId);
      lived.clear();
      for (const callId of now) lived.add(callId);
    },
  };
}

function withinASecond(clock: Clock, work: Promise<void>, failed: (thrown: unknown) => void): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.setTimer(clock.now() + readWithinMs, resolve);
    void work.catch(failed).finally(() => {
      cancel();
      resolve();
    });
  });
}
