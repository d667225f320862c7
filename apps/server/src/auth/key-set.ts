import { importJWK, type JSONWebKeySet, type JWK } from "jose";

/** Why a text is no set of keys to check tokens with. The message completes "The keys …" and holds nothing of the text. */
export class KeySetError extends Error {
  override readonly name = "KeySetError";
}

/** More than any key server has reason to send. */
export const maxKeySetBytes = 256 * 1024;

const secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
/** What the server checks tokens with. */
export const publicKeyAlgorithms = ["ES256", "EdDSA", "RS256"];

/**
 * The keys of a JSON Web Key Set that tokens can be checked with; others are left out, as the standard asks. Throws
 * `KeySetError` for a text that is no such set, holds no such key, or holds one that ought to be secret.
 */
export async function parseKeySet(text: string): Promise<JSONWebKeySet> {
  const keys = keysOf(text);
  if (keys.length === 0) throw new KeySetError("are an empty set: publish at least one public key");
  if (keys.some(isSecret)) {
    throw new KeySetError("hold a private or shared key: replace it, and publish public keys alone");
  }
  const usable: JWK[] = [];
  for (const key of keys) if (await isUsable(key)) usable.push(key);
  if (usable.length > 0) return { keys: usable };
  throw new KeySetError(`hold none for ${publicKeyAlgorithms.join(", ")}: publish one`);
}

function keysOf(text: string): readonly JWK[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw noKeySet();
  }
  if (typeof value !== "object" || value === null || !("keys" in value)) throw noKeySet();
  if (!Array.isArray(value.keys)) throw noKeySet();
  return value.keys.filter((key: unknown) => typeof key === "object" && key !== null && !Array.isArray(key));
}

function noKeySet(): KeySetError {
  return new KeySetError('are no JSON Web Key Set: it looks like {"keys":[…]}');
}

function isSecret(key: JWK): boolean {
  return key.kty === "oct" || secretMembers.some((member) => member in key);
}

async function isUsable(key: JWK): Promise<boolean> {
  const algorithm = algorithmOf(key);
  if (algorithm === undefined || (key.alg !== undefined && key.alg !== algorithm)) return false;
  if (key.use !== undefined && key.use !== "sig") return false;
  if (key.key_ops !== undefined && !(Array.isArray(key.key_ops) && key.key_ops.includes("verify")))
    return false;
  try {
    const imported = await importJWK(key, algorithm);
    return !(imported instanceof Uint8Array) && isLongEnough(imported.algorithm);
  } catch {
    return false;
  }
}

function algorithmOf({ kty, crv }: JWK): string | undefined {
  if (kty === "RSA") return "RS256";
  if (kty === "EC" && crv === "P-256") return "ES256";
  return kty === "OKP" && crv === "Ed25519" ? "EdDSA" : undefined;
}

const minRsaBits = 2048;

function isLongEnough(algorithm: object): boolean {
  return !("modulusLength" in algorithm) || Number(algorithm.modulusLength) >= minRsaBits;
}
