/** The longest account that the development sign-in makes, in characters. */
const longestAccount = 64;
const hashDigits = 11;
/** What an account looks like: such a name is its own account. */
const plain = /^(?=.*[a-z0-9])[a-z0-9._-]{1,64}$/;
const visible = /[\p{L}\p{N}\p{P}\p{S}\p{ExtPict}]/u;
/** A joiner between two pictures makes one of them, and stays. */
const invisible = /(\p{ExtPict}\p{EMod}?\u200d(?=\p{ExtPict}))|[\p{DI}\p{Cc}\p{Cf}\p{Cs}\u2800]/gu;

/**
 * The account of a person's name: the one place that makes one of the other, for sign-in by name alone. Names that look the same
 * are the same: in whichever Unicode form, in capitals or not, with more space or with characters that nobody can see. Names that look
 * different have different accounts. A name of `a-z`, `0-9`, `.`, `_` and `-`, of at most 64, is its own account, so an account's account is itself;
 * any other one gets a suffix. `undefined`: there is nothing to see in this name.
 */
export function accountOf(name: string): string | undefined {
  const seen = asSeen(name);
  if (!visible.test(seen)) return undefined;
  if (plain.test(seen)) return seen;
  const slug = seen
    .slice(0, 4 * longestAccount)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, longestAccount - hashDigits - 1);
  return `${slug || "user"}-${hash(seen).toString(36).padStart(hashDigits, "0")}`;
}

function asSeen(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\x85]/g, " ")
    .replace(/[\ufe00-\ufe0f]/g, "")
    .replace(invisible, "$1")
    .replace(/ +/g, " ")
    .trim()
    .normalize("NFKC");
}

/** 53 bits (cyrb53): enough for people, no protection against one who searches for a second name. */
function hash(text: string): number {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  const mix = (one: number, other: number) =>
    Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(other ^ (other >>> 13), 3266489909);
  high = mix(high, low);
  low = mix(low, high);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
