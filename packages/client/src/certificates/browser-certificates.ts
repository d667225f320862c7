import { type Clock, type Logger, wallTime } from "@peerline/call-machine";
import { type CertificateKeeper, createCertificateKeeper, keptForMs } from "./certificate-keeper.ts";
import { createMemoryStore } from "./certificate-store.ts";
import { createIndexedDbStore, forgetOlderThan } from "./indexed-db-store.ts";

const ecdsa: EcKeyGenParams = { name: "ECDSA", namedCurve: "P-256" };

export interface BrowserCertificatesOptions {
  /** The endpoint id that is kept over reloads; without it nothing could be found again. */
  readonly endpointId: string | undefined;
  readonly clock: Clock;
  readonly logger?: Logger | undefined;
}

/**
 * A page's certificates. Undefined where the platform makes none, as in Node: such an endpoint has a fresh fingerprint in
 * each connection, and binds itself to none.
 */
export function browserCertificates(options: BrowserCertificatesOptions): CertificateKeeper | undefined {
  const { endpointId, clock, logger } = options;
  if (!("RTCPeerConnection" in globalThis) || !("generateCertificate" in RTCPeerConnection)) return undefined;
  const isKept = endpointId !== undefined && "indexedDB" in globalThis;
  if (isKept) {
    forgetOlderThan(wallTime(clock) - keptForMs).catch((thrown: unknown) => {
      logger?.debug("old certificates not deleted", { error: String(thrown) });
    });
  }
  return createCertificateKeeper({
    store: isKept ? createIndexedDbStore(endpointId) : createMemoryStore(),
    generate: async () => RTCPeerConnection.generateCertificate(ecdsa),
    clock,
    logger,
  });
}
