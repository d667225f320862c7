import { toHex } from "@peerline/call-machine/wire";

const idBytes = 16;

/** 16 random bytes as hex: call ids, endpoint ids, message ids. */
export function randomId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(idBytes)));
}
