import { exportJWK, generateKeyPair, type JWK } from "jose";
import { describe, expect, test } from "vitest";
import { parseKeySet } from "./key-set.ts";

const pair = async (algorithm: string) => {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  return { shown: { ...(await exportJWK(publicKey)), kid: algorithm }, hidden: await exportJWK(privateKey) };
};
const [es256, rs256, eddsa, es384] = await Promise.all(["ES256", "RS256", "EdDSA", "ES384"].map(pair));
const problem = async (text: string) =>
  await parseKeySet(text).then(
    ({ keys }) => keys.map(({ kid }) => kid),
    (reason: Error) => `${reason.name}: ${reason.message}`,
  );
const setOf = (...keys: unknown[]) => JSON.stringify({ keys });

test("the keys that tokens can be checked with are kept, others are left out", async () => {
  const set = setOf(es384?.shown, es256?.shown, rs256?.shown, eddsa?.shown, { kty: "PQ" }, null, 7, [], {});
  expect(await problem(set)).toEqual(["ES256", "RS256", "EdDSA"]);
});

describe("a text that is no set of keys says why, and nothing of what it holds", () => {
  const noSet = 'KeySetError: are no JSON Web Key Set: it looks like {"keys":[…]}';
  test.each(["", "<html>", "null", "7", "[]", "{}", '{"keys":{}}', '{"keys":null}', "{", "\u0000"])(
    "%j",
    async (text) => {
      expect(await problem(text)).toBe(noSet);
    },
  );

  test.each(["[]", "[null]", '["x"]', "[[]]"])('{"keys":%s}', async (keys) => {
    expect(await problem(`{"keys":${keys}}`)).toBe(
      "KeySetError: are an empty set: publish at least one public key",
    );
  });

  const secret = "KeySetError: hold a private or shared key: replace it, and publish public keys alone";
  test.each<[string, () => JWK | undefined]>([
    ["a private EC key", () => es256?.hidden],
    ["a private RSA key", () => rs256?.hidden],
    ["a private OKP key", () => eddsa?.hidden],
    ["a shared key", () => ({ kty: "oct", k: "c2VjcmV0" })],
    ["a shared key in another dress", () => ({ ...es256?.shown, k: "c2VjcmV0" })],
  ])("%s, also beside a good one", async (_name, key) => {
    expect([await problem(setOf(key())), await problem(setOf(es256?.shown, key()))]).toEqual([
      secret,
      secret,
    ]);
  });

  const useless = "KeySetError: hold none for ES256, EdDSA, RS256: publish one";
  test.each<[string, () => object]>([
    ["another curve", () => ({ ...es384?.shown })],
    ["a point that is not on the curve", () => ({ ...es256?.shown, x: "AAAA" })],
    ["a key without its point", () => ({ kty: "EC", crv: "P-256" })],
    ["a key for encryption", () => ({ ...es256?.shown, use: "enc" })],
    ["a key for another algorithm", () => ({ ...rs256?.shown, alg: "PS256" })],
    ["a key that may not verify", () => ({ ...es256?.shown, key_ops: ["sign"] })],
    ["a short RSA key", () => ({ kty: "RSA", e: "AQAB", n: Buffer.alloc(128, 0xff).toString("base64url") })],
    ["members of other types", () => ({ kty: 7, crv: [], x: {}, key_ops: "verify" })],
  ])("%s", async (_name, key) => {
    expect(await problem(setOf(key()))).toBe(useless);
  });
});
