import { accountOf } from "@peerline/client/account";

/** In characters: what others still see as one name. */
export const longestName = 64;

/** The account that a typed name signs in to; see `accountOf`. Empty when there is nothing to see in it. */
export function toUser(name: string): string {
  return accountOf(name) ?? "";
}

/** A name as everyone reads it: without what turns the reading direction, and as much of it as the sign-in page takes. */
export function shownName(name: string): string {
  return [...name.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")]
    .slice(0, longestName)
    .join("");
}

/** One or two capitals for an avatar. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/u)
    .filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("") || "?";
}

const hues = 24;
const hueStep = 15;

/** A stable hue in degrees, one of 24. */
export function hueOf(name: string): number {
  return (hash(name) % hues) * hueStep;
}

/** FNV-1a, 32 bit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
