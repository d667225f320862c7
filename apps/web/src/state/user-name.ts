/** The longest account name that the server takes. */
const longestUser = 64;
const hashDigits = 7;

/**
 * The account name for a typed name: letters, digits, dots, dashes and underscores, at most 64. A name that loses letters on the way
 * gets a suffix of its own, so that two such names never meet. Empty when nothing was typed.
 */
export function toUser(name: string): string {
  const folded = name
    .trim()
    .normalize("NFKD")
    .replace(/\p{Mark}/gu, "");
  if (folded === "") return "";
  const slug = folded.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^-+|-+$/g, "");
  const loses = /[^\p{ASCII}]/u.test(folded);
  if (!loses && slug) return slug.slice(0, longestUser);
  const suffix = hash(name.trim()).toString(36).padStart(hashDigits, "0");
  return `${(slug || "user").slice(0, longestUser - hashDigits - 1)}-${suffix}`;
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
