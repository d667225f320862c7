import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { DevelopmentService, ErrorCode, ErrorSchema, SignalingService } from "@peerline/protocol";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { afterEach, describe, expect, test } from "vitest";
import { newCallId } from "../testing/commands.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
afterEach(() => harness.close());

const refusal = async (sending: Promise<unknown>) => {
  const error = ConnectError.from(await sending.catch((reason: unknown) => reason));
  return [error.code, error.findDetails(ErrorSchema)[0]?.code];
};

describe("in development", () => {
  test("a stream is warned a minute before its token runs out, and ends when nobody renews it", async () => {
    harness = await startHarness();
    const ada = await harness.open("ada");
    await harness.clock.advance(9 * 60_000);
    expect((await ada.frame("tokenExpiring")).validFor?.seconds).toBe(60n);
    await harness.clock.advance(60_000);
    expect(await refusal(ada.untilEnd())).toEqual([Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED]);
  });

  test("a renewed token keeps the stream", async () => {
    harness = await startHarness();
    const ada = await harness.open("ada");
    await harness.clock.advance(9 * 60_000);
    await ada.frame("tokenExpiring");
    const { token } = await createClient(DevelopmentService, harness.transport).signIn({ user: "ada" });
    const renewed = await ada.client.reauthenticate(
      { endpointId: ada.endpointId },
      { headers: { Authorization: `Bearer ${token}` } },
    );
    expect(renewed.tokenValidFor?.seconds).toBe(600n);
    await harness.clock.advance(60_000);
    expect((await ada.frame("ping")).topOffset).toBe(0n);
  });

  test("a token is refused after it has expired, with 30 s of leeway", async () => {
    harness = await startHarness();
    const ada = await harness.open("ada");
    await harness.clock.advance(10 * 60_000 + 29_000);
    expect((await ada.sendRaw([])).topOffset).toBe(0n);
    await harness.clock.advance(2_000);
    expect(await refusal(ada.sendRaw([]))).toEqual([Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED]);
  });

  test("a given secret makes tokens that outlive a restart, a random one does not", async () => {
    const auth = { kind: "development" as const, secret: "0123456789abcdef" };
    harness = await startHarness({ auth });
    const { token } = await harness.open("ada");
    await harness.close();
    harness = await startHarness({ auth });
    const headers = { Authorization: `Bearer ${token}` };
    const request = { endpointId: newCallId() };
    const ask = () => createClient(SignalingService, harness.transport).getIceServers(request, { headers });
    expect((await ask()).servers).toEqual([]);
    await harness.close();
    harness = await startHarness();
    expect(await refusal(ask())).toEqual([Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED]);
  });
});

describe("with the application's keys", () => {
  async function start() {
    const directory = await mkdtemp(join(tmpdir(), "peerline-"));
    const pair = await generateKeyPair("ES256");
    const file = join(directory, "jwks.json");
    await writeFile(
      file,
      JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: "k1", alg: "ES256" }] }),
    );
    harness = await startHarness({
      dev: false,
      host: "127.0.0.1",
      auth: { kind: "jwks-file", file, issuer: "app", audience: "peerline" },
    });
    await rm(directory, { recursive: true });
    const now = Math.floor(harness.clock.now() / 1000);
    const sign = (claims: object, header: object = {}) =>
      new SignJWT({ iss: "app", aud: "peerline", sub: "ada", jti: "1", iat: now, exp: now + 600, ...claims })
        .setProtectedHeader({ alg: "ES256", kid: "k1", ...header })
        .sign(pair.privateKey);
    const transport = createConnectTransport({ baseUrl: harness.server.url, httpVersion: "1.1" });
    const client = createClient(SignalingService, transport);
    const ask = (token: string) =>
      client.getIceServers({ endpointId: newCallId() }, { headers: { Authorization: `Bearer ${token}` } });
    return { sign, ask, transport, now };
  }

  test("a signed token is accepted and nobody signs in by name", async () => {
    const { sign, ask, transport } = await start();
    expect((await ask(await sign({}))).servers).toEqual([]);
    const signIn = createClient(DevelopmentService, transport).signIn({ user: "ada" });
    expect((await refusal(signIn))[0]).toBe(Code.Unimplemented);
  });

  test("wrong claims, a wrong algorithm and a wrong key are refused", async () => {
    const { sign, ask, now } = await start();
    const foreign = await generateKeyPair("ES256");
    const forged = [
      await sign({ iss: "other" }),
      await sign({ aud: "other" }),
      await sign({ jti: undefined }),
      await sign({ sub: "" }),
      await sign({ exp: now - 31 }),
      await sign({}, { kid: "k2" }),
      await new SignJWT({ sub: "ada" }).setProtectedHeader({ alg: "HS256" }).sign(new Uint8Array(32)),
      await new SignJWT({ iss: "app", aud: "peerline", sub: "ada", jti: "1", iat: now, exp: now + 600 })
        .setProtectedHeader({ alg: "ES256", kid: "k1" })
        .sign(foreign.privateKey),
    ];
    for (const token of forged)
      expect(await refusal(ask(token))).toEqual([Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED]);
  });

  test.each<[string, object, unknown]>([
    ["a number for its sub", { sub: 5 }, [Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED]],
    ["a list for its sub", { sub: ["ada"] }, [Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED]],
    ["half a character in its sub", { sub: "a\ud800" }, [Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED]],
    ["a sub of 129 bytes", { sub: `${"é".repeat(64)}x` }, [Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED]],
    ["an end that is beyond all dates", { exp: 1e15 }, "served"],
    ["a number for its name", { name: 7 }, "served"],
  ])(
    "a token with %s is refused as a token or served, never called a fault of this server",
    async (_name, claims, outcome) => {
      const { sign } = await start();
      const transport = createConnectTransport({
        baseUrl: harness.server.url,
        httpVersion: "1.1",
        useBinaryFormat: false,
      });
      const headers = { Authorization: `Bearer ${await sign(claims)}` };
      const client = { protocolMin: 1, protocolMax: 1 };
      const polling = createClient(SignalingService, transport).poll(
        { receive: { endpointId: newCallId(), client } },
        { headers },
      );
      expect(
        await polling.then(
          () => "served",
          () => refusal(polling),
        ),
      ).toEqual(outcome);
    },
  );
});
