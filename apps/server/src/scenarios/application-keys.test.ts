import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { SignalingService } from "@peerline/protocol";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AuthConfig } from "../config/config.ts";
import { newCallId } from "../testing/commands.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

const [old, fresh] = await Promise.all(["old", "fresh"].map(newKey));

async function newKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: "ES256" };
  return { kid, jwk, privateKey, privateJwk: await exportJWK(privateKey) };
}
type Key = Awaited<ReturnType<typeof newKey>> | undefined;

const setOf = (...keys: Key[]) => JSON.stringify({ keys: keys.map((key) => key?.jwk) });
const answering =
  (status: number, body: string): RequestListener =>
  (_request, response) => {
    response.statusCode = status;
    response.end(body);
  };

let harness: Harness;
let keyServer: Server;
let answer: RequestListener;
let asked = 0;
let directory: string;
let file: string;

beforeEach(async () => {
  asked = 0;
  keyServer = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  await once(keyServer.listen(0, "127.0.0.1"), "listening");
  directory = await mkdtemp(join(tmpdir(), "peerline-"));
  file = join(directory, "jwks.json");
});
afterEach(async () => {
  await harness.close();
  keyServer.closeAllConnections();
  keyServer.close();
  await rm(directory, { recursive: true });
});

const names = { issuer: "app", audience: "peerline" };
const startWith = async (auth: AuthConfig) => {
  harness = await startHarness({ dev: false, host: "127.0.0.1", auth });
};
const startWithUrl = async () => {
  const { port } = keyServer.address() as AddressInfo;
  await startWith({ kind: "jwks-url", url: `http://127.0.0.1:${port}/jwks.json`, ...names });
  await harness.clock.advance(0);
};
const startWithFile = async (text: string) => {
  await writeFile(file, text);
  await startWith({ kind: "jwks-file", file, ...names });
};
const token = (key: Key, more: object = {}) => {
  const now = Math.floor(harness.clock.now() / 1_000);
  const claims = { iss: "app", aud: "peerline", sub: "ada", jti: "1", iat: now, exp: now + 86_400, ...more };
  const header = { alg: "ES256", kid: key?.kid ?? "" };
  return new SignJWT(claims).setProtectedHeader(header).sign(key?.privateKey ?? new Uint8Array());
};
const use = async (bearer: string) => {
  const transport = createConnectTransport({ baseUrl: harness.server.url, httpVersion: "1.1" });
  const headers = { Authorization: `Bearer ${bearer}` };
  const asking = createClient(SignalingService, transport).getIceServers(
    { endpointId: newCallId() },
    { headers },
  );
  return await asking.then(
    () => "accepted",
    (reason: unknown) => Code[ConnectError.from(reason).code],
  );
};
const readiness = async () => {
  const response = await fetch(`${harness.server.url}/readyz`);
  return [response.status, ((await response.json()) as { status: string }).status];
};
const keyLines = () =>
  harness.lines.filter(({ message }) => message.includes("the keys")).map(({ message }) => message);

describe("keys behind a URL", () => {
  const failure = "no tokens can be checked anew: the keys ";
  test.each<[string, () => RequestListener, string]>([
    [
      "a server that is down",
      () => (request) => void request.socket.destroy(),
      "cannot be fetched (UND_ERR_SOCKET): check the URL and its server",
    ],
    ["503", () => answering(503, "later"), "were answered with HTTP 503: check the URL and its server"],
    ["404", () => answering(404, "{}"), "were answered with HTTP 404: check the URL and its server"],
    [
      "a redirection",
      () => answering(302, setOf(old)),
      "were answered with HTTP 302: check the URL and its server",
    ],
    ["HTML", () => answering(200, "<html></html>"), 'are no JSON Web Key Set: it looks like {"keys":[…]}'],
    [
      "an empty set",
      () => answering(200, '{"keys":[]}'),
      "are an empty set: publish at least one public key",
    ],
    [
      "a private key",
      () => answering(200, JSON.stringify({ keys: [old?.privateJwk] })),
      "hold a private or shared key: replace it, and publish public keys alone",
    ],
    [
      "more than there is room for",
      () => answering(200, `{"keys":[],"x":"${"x".repeat(300_000)}"}`),
      "are more than 262144 bytes: check what is served there",
    ],
  ])(
    "for keys there is %s: the client may try again, the server is not ready, and one line says why",
    async (_name, given, why) => {
      answer = given();
      await startWithUrl();
      await harness.logged(`${failure}${why}`);
      expect([await use(await token(old)), await use(await token(old)), await readiness()]).toEqual([
        "Unavailable",
        "Unavailable",
        [503, "no-keys"],
      ]);
      answer = answering(200, setOf(old));
      await harness.clock.advance(5_000);
      await harness.logged("the keys are there again");
      expect([await use(await token(old)), await readiness(), keyLines()]).toEqual([
        "accepted",
        [200, "ready"],
        [`${failure}${why}`, "the keys are there again"],
      ]);
    },
  );

  test.each<[string, RequestListener]>([
    ["before the first byte", () => {}],
    ["in the middle", (_request, response) => void response.write('{"keys":[')],
  ])("a server that hangs %s is given up after 5 s", async (_name, hanging) => {
    answer = hanging;
    await startWithUrl();
    while (asked === 0) await once(keyServer, "request");
    await harness.clock.advance(5_000);
    await harness.logged(`${failure}did not come within 5000 ms: check the URL and its server`);
    expect([await use(await token(old)), await readiness()]).toEqual(["Unavailable", [503, "no-keys"]]);
  });

  test("a withdrawn key is good for a minute at most, and a new one is found at its first token", async () => {
    answer = answering(200, setOf(old));
    await startWithUrl();
    expect(await use(await token(old))).toBe("accepted");
    await harness.clock.advance(10_000);
    answer = answering(200, setOf(fresh));
    const before = asked;
    expect([await use(await token(fresh)), await use(await token(old)), asked - before]).toEqual([
      "accepted",
      "Unauthenticated",
      1,
    ]);
    answer = answering(200, setOf(old));
    await harness.clock.advance(60_000);
    while (asked - before < 2) await once(keyServer, "request");
    expect(await use(await token(old))).toBe("accepted");
    expect(await use(await token(fresh))).toBe("Unauthenticated");
  });

  test("a withdrawn key is refused once the minute is over, though nobody came with another key", async () => {
    answer = answering(200, setOf(old, fresh));
    await startWithUrl();
    expect(await use(await token(old))).toBe("accepted");
    answer = answering(200, setOf(fresh));
    await harness.clock.advance(59_999);
    expect([await use(await token(old)), asked]).toEqual(["accepted", 1]);
    await harness.clock.advance(1);
    await expect.poll(async () => await use(await token(old))).toBe("Unauthenticated");
    expect([await use(await token(fresh)), asked]).toEqual(["accepted", 2]);
  });

  test("tokens with unknown keys make it ask once in ten seconds, not once each", async () => {
    answer = answering(200, setOf(old));
    await startWithUrl();
    expect(await use(await token(old))).toBe("accepted");
    await harness.clock.advance(10_000);
    const outcomes = await Promise.all(Array.from({ length: 20 }, async () => await use(await token(fresh))));
    expect([new Set(outcomes), asked]).toEqual([new Set(["Unauthenticated"]), 2]);
  });

  test("keys that were there stay good for ten minutes of an outage, and no longer", async () => {
    answer = answering(200, setOf(old));
    await startWithUrl();
    expect(await use(await token(old))).toBe("accepted");
    answer = answering(500, "");
    await harness.clock.advance(60_000);
    await harness.logged(`${failure}were answered with HTTP 500: check the URL and its server`);
    expect([await use(await token(old)), await readiness()]).toEqual(["accepted", [200, "ready"]]);
    await harness.clock.advance(9 * 60_000);
    expect([await use(await token(old)), await readiness()]).toEqual(["Unavailable", [503, "no-keys"]]);
  });
});

describe("keys in a file", () => {
  test("are read again when the file changes, and one that goes bad changes nothing but the log", async () => {
    await startWithFile(setOf(old));
    expect(await use(await token(old))).toBe("accepted");
    await writeFile(file, setOf(fresh));
    await harness.server.reload?.();
    expect([await use(await token(fresh)), await use(await token(old))]).toEqual([
      "accepted",
      "Unauthenticated",
    ]);
    await writeFile(file, "half a fi");
    await harness.clock.advance(10_000);
    await harness.logged(
      'no tokens can be checked anew: the keys are no JSON Web Key Set: it looks like {"keys":[…]}',
    );
    expect([await use(await token(fresh)), await readiness()]).toEqual(["accepted", [200, "ready"]]);
    await writeFile(file, setOf(old, fresh));
    await harness.clock.advance(5_000);
    await harness.logged("the keys are there again");
    expect(await use(await token(old))).toBe("accepted");
  });

  test.each([
    ["junk", "<html>", 'are no JSON Web Key Set: it looks like {"keys":[…]}'],
    ["nothing", "", 'are no JSON Web Key Set: it looks like {"keys":[…]}'],
    ["no key", '{"keys":[]}', "are an empty set: publish at least one public key"],
    [
      "a private key",
      JSON.stringify({ keys: [old?.privateJwk] }),
      "hold a private or shared key: replace it, and publish public keys alone",
    ],
  ])("with %s the server does not start", async (_name, text, why) => {
    await expect(startWithFile(text)).rejects.toMatchObject({
      code: "bad-config",
      message: `PEERLINE_JWKS_FILE: the keys of ${file} ${why}.`,
    });
    await startWithFile(setOf(old));
  });

  test.each([
    [
      "that is not there",
      "/nowhere/jwks.json",
      "cannot be read (ENOENT): check the path and its permissions",
    ],
    ["that is a folder", tmpdir(), "are no regular file: point to one"],
    ["that never ends", "/dev/zero", "are no regular file: point to one"],
  ])("in a file %s the server does not start", async (_name, path, why) => {
    await expect(startWith({ kind: "jwks-file", file: path, ...names })).rejects.toMatchObject({
      message: `PEERLINE_JWKS_FILE: the keys of ${path} ${why}.`,
    });
    await startWithFile(setOf(old));
  });
});

describe("refused tokens", () => {
  const refusals = () =>
    harness.lines.filter(({ message }) => message === "requests refused").map(({ fields }) => fields);
  const address = "127.0.0.0/24";

  test("are counted and logged by reason and network, never with the token, and in bounded lines", async () => {
    await startWithFile(setOf(old));
    const now = Math.floor(harness.clock.now() / 1_000);
    const bad = [
      await token(old, { iss: "other" }),
      await token(old, { exp: now - 86_400 }),
      await token({ ...(old as NonNullable<Key>), privateKey: (fresh as NonNullable<Key>).privateKey }),
      await token(fresh),
      await token(old, { iat: now + 31 }),
      "not.a.token",
      await token(old, { sub: 5 }),
    ];
    for (const each of bad) expect(await use(each)).toBe("Unauthenticated");
    expect(refusals()).toEqual(
      ["claim-iss", "expired", "signature", "unknown-key", "from-the-future", "malformed", "claim-sub"].map(
        (reason) => ({ reason, count: 1, address }),
      ),
    );
    for (let turn = 0; turn < 50; turn++) await use(bad[0] ?? "");
    expect(refusals()).toHaveLength(7);
    await harness.clock.advance(10_000);
    expect(refusals().slice(7)).toEqual([{ reason: "claim-iss", count: 50, address }]);
    expect(JSON.stringify(harness.lines)).not.toContain(bad[0]?.slice(-20));
  });

  test("a token of an issuer whose clock is 20 s ahead does not outlive a revocation", async () => {
    await startWithFile(setOf(old));
    const ahead = await token(old, { iat: Math.floor(harness.clock.now() / 1_000) + 20 });
    expect(await use(ahead)).toBe("accepted");
    await harness.server.revoke("ada");
    await harness.clock.advance(25 * 60 * 60 * 1_000);
    const long = await token(old, { iat: 1, exp: Math.floor(harness.clock.now() / 1_000) + 600 });
    expect([await use(ahead), await use(long)]).toEqual(["Unauthenticated", "PermissionDenied"]);
    expect(await use(await token(old))).toBe("accepted");
  });
});
