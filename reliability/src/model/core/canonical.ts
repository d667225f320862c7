import { toHex } from "@peerline/call-machine/wire";

/** How a string or the hex digits of bytes are written; renames what is symmetric. */
export type Rename = (text: string) => string;

export const sameNames: Rename = (text) => text;

export interface CanonicalOptions {
  readonly rename?: Rename;
  /** Properties that do not matter. */
  readonly skip?: ReadonlySet<string>;
  /** Properties whose arrays are sets: their order does not matter. */
  readonly unordered?: ReadonlySet<string>;
}

const nothing: ReadonlySet<string> = new Set();

/**
 * One text for all values that are equal: keys sorted, `undefined` as if absent, bytes as hex. Functions are a
 * TypeError: they are no state.
 */
export function canonical(value: unknown, options: CanonicalOptions = {}): string {
  const { rename = sameNames, skip = nothing, unordered = nothing } = options;

  function write(item: unknown, name: string): string {
    switch (typeof item) {
      case "string":
        return JSON.stringify(rename(item));
      case "bigint":
        return `${item}n`;
      case "object":
        return item === null ? "null" : writeObject(item, name);
      case "function":
        throw new TypeError(`${name || "the value"} is a function: keep functions out of the state`);
      default:
        return String(item);
    }
  }

  function writeObject(item: object, name: string): string {
    if (item instanceof Uint8Array) return `x"${rename(toHex(item))}"`;
    if (Array.isArray(item)) {
      const parts = item.map((part) => write(part, ""));
      return `[${(unordered.has(name) ? parts.sort() : parts).join(",")}]`;
    }
    return `{${fields(item).sort().join(",")}}`;
  }

  function fields(item: object): string[] {
    const written: string[] = [];
    for (const [key, field] of Object.entries(item)) {
      if (field === undefined || skip.has(key)) continue;
      written.push(`${JSON.stringify(rename(key))}:${write(field, key)}`);
    }
    return written;
  }

  return write(value, "");
}
