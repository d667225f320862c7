import { createCipheriv, createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { type Detail, packClaim, type TicketClaim, unpackClaim } from "./ticket-payload.ts";

/** The keys that come from one secret. */
export interface TicketSecret {
  /** Names the secret in a ticket, so that two can be live while one replaces the other. */
  readonly id: Uint8Array;
  readonly signing: Uint8Array;
  readonly sealing: Uint8Array;
}

/** As the schema has it. */
export const maxTicketBytes = 2048;

const version = 1;
const idBytes = 4;
const keyBytes = 32;
const tagBytes = 32;
const ivBytes = 16;
const headBytes = 1 + idBytes;
const textAt = headBytes + tagBytes;
const details: readonly Detail[] = ["full", "names", "bare"];

/** Derives the keys of a secret of at least 32 bytes. */
export function ticketSecret(secret: Uint8Array): TicketSecret {
  const derived = new Uint8Array(
    hkdfSync("sha256", secret, "", "peerline call ticket", idBytes + 2 * keyBytes),
  );
  return {
    id: derived.subarray(0, idBytes),
    signing: derived.subarray(idBytes, idBytes + keyBytes),
    sealing: derived.subarray(idBytes + keyBytes),
  };
}

/**
 * A ticket: version, key id, HMAC-SHA-256 over both and the claim, then the claim. The claim is sealed under its own
 * HMAC (synthetic IV), because it names the other party's endpoint and device, which its bearer must not learn. At most
 * 2048 bytes; names are left out of a longer one. The same input gives the same bytes. PROTOCOL D8, T11.
 */
export function signTicket(secret: TicketSecret, claim: TicketClaim, expiresAt: number): Uint8Array {
  const head = Buffer.concat([Buffer.of(version), secret.id]);
  const texts = details.map((detail) => Buffer.from(packClaim(claim, expiresAt, detail)));
  const text = texts.find(({ byteLength }) => textAt + byteLength <= maxTicketBytes);
  if (!text) throw new RangeError("The user ids are too long for a ticket.");
  const tag = tagOf(secret, head, text);
  return new Uint8Array(Buffer.concat([head, tag, sealed(secret, tag, text)]));
}

/**
 * What a ticket claims, when one of `secrets` signed it and it has not expired (`now`: server clock, ms). Every other
 * sequence of bytes gives `undefined`. Takes the same time wherever a signature differs.
 */
export function verifyTicket(
  secrets: readonly TicketSecret[],
  bytes: Uint8Array,
  now: number,
): TicketClaim | undefined {
  if (bytes.byteLength <= textAt || bytes.byteLength > maxTicketBytes || bytes[0] !== version)
    return undefined;
  const head = bytes.subarray(0, headBytes);
  const secret = secrets.find(({ id }) => Buffer.compare(id, head.subarray(1)) === 0);
  if (!secret) return undefined;
  const tag = bytes.subarray(headBytes, textAt);
  const text = sealed(secret, tag, bytes.subarray(textAt));
  if (!timingSafeEqual(tag, tagOf(secret, head, text))) return undefined;
  const { claim, expiresAt } = unpackClaim(text.toString());
  return now < expiresAt ? claim : undefined;
}

function tagOf(secret: TicketSecret, head: Uint8Array, text: Uint8Array): Buffer {
  return createHmac("sha256", secret.signing).update(head).update(text).digest();
}

/** Its own inverse. */
function sealed(secret: TicketSecret, tag: Uint8Array, text: Uint8Array): Buffer {
  return createCipheriv("aes-256-ctr", secret.sealing, tag.subarray(0, ivBytes)).update(text);
}
