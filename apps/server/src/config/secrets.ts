import { badConfig } from "../errors/server-error.ts";

/** Where settings come from besides the command line. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For `*_FILE`; may throw. */
  readonly readFile: (path: string) => string;
}

const minSecretChars = 16;

/** Throws `ServerError` "bad-config" for a setting that is there and says nothing, as a template leaves behind. */
export function assertFilled(source: string, value: unknown): void {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (parts.some((part) => typeof part === "string" && part.trim() === "")) {
    throw badConfig(`${source} is empty: give it a value, or remove it.`);
  }
}

/** A secret from its variable, or from the file that `NAME_FILE` names. */
export function secretText(name: string, { env, readFile }: Surroundings): string | undefined {
  const path = env[`${name}_FILE`];
  return path === undefined ? env[name] : readSecret(`${name}_FILE`, path, readFile);
}

/** The same, of 16 characters or more. */
export function secretFrom(name: string, surroundings: Surroundings): string | undefined {
  const value = secretText(name, surroundings);
  if (value === undefined || value.length >= minSecretChars) return value;
  throw badConfig(
    `${name} is too short: use at least ${minSecretChars} characters, such as from "openssl rand -hex 32".`,
  );
}

function readSecret(name: string, path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path).trim();
  } catch (cause) {
    throw badConfig(`${name}: ${path} cannot be read. Point it to a file that holds the secret.`, cause);
  }
}
