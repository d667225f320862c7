import { PeerlineError } from "./peerline-error.ts";

const longestShown = 64;
const callIdPattern = /^[0-9a-f]{32}$/;
const maxUserBytes = 128;

/** Throws a `PeerlineError` `invalid-option` that says what `name` is and what it should be, unless `isRight`. */
export function check(isRight: boolean, name: string, value: unknown, fix: string): asserts isRight {
  if (!isRight) throw new PeerlineError("invalid-option", `${name} is ${shown(value)}: ${fix}`);
}

/** As `check`, for what may be left out. */
export function checkGiven(
  value: unknown,
  isRight: (value: unknown) => boolean,
  name: string,
  fix: string,
): void {
  check(value === undefined || isRight(value), name, value, fix);
}

/** An account's name, as the server takes it: 1 to 128 bytes of text. */
export function checkUser(name: string, value: unknown): asserts value is string {
  check(isUser(value), name, value, `give a name of 1 to ${maxUserBytes} bytes`);
}

export function isUser(value: unknown): value is string {
  return isText(value, maxUserBytes);
}

export function checkCallId(value: unknown): void {
  checkGiven(value, isCallId, "callId", "give one that dial or the view gave, or none for view().call");
}

export function isCallId(value: unknown): boolean {
  return typeof value === "string" && callIdPattern.test(value);
}

/** 1 to `maxBytes` bytes of UTF-8, without halves of characters. */
export function isText(value: unknown, maxBytes: number): value is string {
  if (typeof value !== "string" || value === "" || value.length > maxBytes) return false;
  return value.isWellFormed() && new TextEncoder().encode(value).length <= maxBytes;
}

export function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

export function isBoolean(value: unknown): boolean {
  return typeof value === "boolean";
}

/** Has all these methods. */
export function hasMethods(...names: readonly string[]): (value: unknown) => boolean {
  return (value) => isRecord(value) && names.every((name) => isFunction(value[name]));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** One of these words. */
export function isOneOf(...words: readonly string[]): (value: unknown) => boolean {
  return (value) => typeof value === "string" && words.includes(value);
}

/** The value in a few characters, whatever it is; what may be a secret is not among those that are checked. */
function shown(value: unknown): string {
  if (typeof value === "string") {
    const text = value.length > longestShown ? `${value.slice(0, longestShown)}…` : value;
    return `"${text.toWellFormed()}"`;
  }
  if (isFunction(value)) return "a function";
  if (isRecord(value)) return Array.isArray(value) ? "an array" : "an object";
  return String(value);
}
