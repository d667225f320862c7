import { createServer, type RequestListener } from "node:http";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { virtualClock } from "@peerline/call-machine/testing";
import { startServer } from "@peerline/server";
import { SignalingError } from "@peerline/signaling-client";
import { afterEach, describe, expect, test, vi } from "vitest";
import { browserTransport } from "./browser-transport.ts";
import { developmentSignIn } from "./development-sign-in.ts";
import type { AccessToken, Peerline, PeerlineOptions } from "./peerline.ts";
import { nodePeerline, until } from "./testing/node-peerline.ts";
import { peopleOnServer } from "./testing/people.ts";

const exits: (() => unknown)[] = [];
afterEach(async () => {
  for (const exit of exits.splice(0).reverse()) await exit();
});

/** Something that listens and is no Peerline server. */
async function stranger(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  exits.push(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

function opened(serverUrl: string, options: Partial<PeerlineOptions> = {}): Peerline {
  const transport = createConnectTransport({ baseUrl: serverUrl, httpVersion: "1.1", useBinaryFormat: true });
  const peerline = nodePeerline(serverUrl, "ana", { transport, ...options });
  exits.push(() => peerline.close());
  return peerline;
}

/** What is wrong, as soon as something is. */
async function troubleOf(peerline: Peerline) {
  const { link, trouble } = await until(peerline, (view) => view.trouble !== undefined);
  const again = trouble?.retryAt === undefined ? "for good" : "tried again";
  return [link, trouble?.code, again, trouble?.text];
}

const answer =
  (status: number, type: string, body: string): RequestListener =>
  (_, response) =>
    response.writeHead(status, { "content-type": type }).end(body);

describe("the view says in words why the link is not online", () => {
  test("no server listens", async () => {
    const server = await stranger(() => undefined);
    await exits.pop()?.();
    expect(await troubleOf(opened(server))).toEqual([
      "interrupted",
      "unreachable",
      "tried again",
      expect.stringContaining(`No answer from ${server}. Check that the server runs, and the address.`),
    ]);
  });

  test.each([
    ["a page says 404", 404, "text/html", "<h1>Not found</h1>"],
    ["a page says that all is well", 200, "text/html", "<h1>Welcome</h1>"],
    ["a file says nothing", 200, "application/octet-stream", ""],
  ])("%s", async (_, status, type, body) => {
    const server = await stranger(answer(status, type, body));
    expect(await troubleOf(opened(server))).toEqual([
      "interrupted",
      "wrong-server",
      "tried again",
      expect.stringContaining(
        `What answers at ${server} is no Peerline server. Check the address, and the network's sign-in page.`,
      ),
    ]);
  });

  test.each([
    ["a proxy whose server is away", 502, "text/html", "<h1>Bad gateway</h1>", "HTTP 502, text/html"],
    ["an error without a word", 400, "application/json", "{}", "internal"],
    ["a word that turns the text around", 503, "application/json", '{"message":"\u202eyalc"}', "yalc"],
    ["a sign-in without a token", 200, "application/proto", "", "no token"],
  ])("%s", async (_, status, type, body, said) => {
    const server = await stranger(answer(status, type, body));
    expect(await troubleOf(opened(server, { transport: browserTransport(server) }))).toEqual([
      "interrupted",
      "unreachable",
      "tried again",
      `No answer from ${server}. Check that the server runs, and the address. (${said})`,
    ]);
  });

  test("a server that never answers a sign-in by name is not told as the application's fault", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
    exits.push(() => vi.useRealTimers());
    const never: Transport = {
      unary: (_method, _signal, timeoutMs = 0) =>
        new Promise((_, reject) => {
          setTimeout(
            () => reject(new ConnectError("the operation timed out", Code.DeadlineExceeded)),
            timeoutMs,
          );
        }),
      stream: () => new Promise(() => undefined),
    };
    const peerline = opened("http://127.0.0.1:1", { transport: never });
    await vi.advanceTimersByTimeAsync(9_000);
    expect(await troubleOf(peerline)).toEqual([
      "interrupted",
      "unreachable",
      "tried again",
      "No answer from http://127.0.0.1:1. Check that the server runs, and the address. (the operation timed out)",
    ]);
  });

  test("the server does not take the name: that is final", async () => {
    const refusal = JSON.stringify({ code: "invalid_argument", message: "user: give another name" });
    expect(await troubleOf(opened(await stranger(answer(400, "application/json", refusal))))).toEqual([
      "stopped",
      "bad-user",
      "for good",
      "The server takes no such name. Sign in with another one. (user: give another name)",
    ]);
  });

  test("the server lets nobody in by name alone: that is final", async () => {
    const refusal = JSON.stringify({ code: "unimplemented", message: "There is nothing here." });
    expect(await troubleOf(opened(await stranger(answer(404, "application/json", refusal))))).toEqual([
      "stopped",
      "no-token",
      "for good",
      "There is no valid token. Sign in again. (this server has no sign-in by name alone: give a getToken)",
    ]);
  });

  test("getToken rejects: it is asked again", async () => {
    const getToken = () => Promise.reject(new TypeError("the login service is down"));
    expect(await troubleOf(opened("http://127.0.0.1:1", { getToken }))).toEqual([
      "interrupted",
      "no-token",
      "tried again",
      "There is no access token. Check what getToken does. (the login service is down)",
    ]);
  });

  test("getToken says that nobody is signed in: that is final", async () => {
    const getToken = () => Promise.reject(new SignalingError("unauthenticated", "nobody is signed in"));
    expect(await troubleOf(opened("http://127.0.0.1:1", { getToken }))).toEqual([
      "stopped",
      "no-token",
      "for good",
      "There is no valid token. Sign in again. (nobody is signed in)",
    ]);
  });
});

describe("with a server that is one", () => {
  const { serverUrl } = peopleOnServer(() => startServer({ dev: true, port: 0 }));
  const stopped = [
    "stopped",
    "refused",
    "for good",
    expect.stringMatching(/^There is no valid token. Sign in again. \(.+\)$/),
  ];
  const ended = async (peerline: Peerline) => {
    await until(peerline, ({ link }) => link === "stopped");
    return await troubleOf(peerline);
  };

  test("a path of it that has no sign-in by name is not mistaken for a refused name", async () => {
    expect(await troubleOf(opened(`${serverUrl()}/elsewhere`))).toEqual([
      "stopped",
      "no-token",
      "for good",
      "There is no valid token. Sign in again. (this server has no sign-in by name alone: give a getToken)",
    ]);
  });

  test("a garbage token is asked for again, and then it is final", async () => {
    let asked = 0;
    const getToken = async () => {
      asked += 1;
      return { token: `garbage-${asked}` };
    };
    const peerline = nodePeerline(serverUrl(), "ana", { getToken });
    exits.push(() => peerline.close());
    expect([await ended(peerline), asked]).toEqual([stopped, 3]);
  });

  test.each([
    ["nothing", undefined, "it gave undefined: give { token, validForMs }"],
    ["text", "eyJh.eyJz.c2ln", "it gave string: give { token, validForMs }"],
    [
      "a header of its own",
      { token: "a\nb" },
      "its token holds blanks or other characters that no token has",
    ],
    ["a past token", { token: "a", validForMs: -1 }, /^.*its validForMs is no time that lies ahead: .*$/],
  ])("a getToken that gives %s is told so", async (_, given, cause) => {
    const getToken = (async () => given) as unknown as NonNullable<PeerlineOptions["getToken"]>;
    const peerline = nodePeerline(serverUrl(), "ana", { getToken });
    exits.push(() => peerline.close());
    const text =
      typeof cause === "string"
        ? `There is no access token. Check what getToken does. (${cause})`
        : expect.stringMatching(cause);
    expect(await troubleOf(peerline)).toEqual(["interrupted", "no-token", "tried again", text]);
  });

  test.each([
    [
      "throws at once",
      () => {
        throw new TypeError("no login service");
      },
      "no login service",
    ],
    ["rejects with nothing", () => Promise.reject(), "undefined"],
    ["gives a thenable that rejects", () => rejecting("no"), "no"],
  ])("a getToken that %s is told so", async (_, getToken, cause) => {
    const peerline = nodePeerline(serverUrl(), "ana", { getToken });
    exits.push(() => peerline.close());
    const text = `There is no access token. Check what getToken does. (${cause})`;
    expect(await troubleOf(peerline)).toEqual(["interrupted", "no-token", "tried again", text]);
  });

  test("a getToken that never answers is told so after ten seconds, and a late token is taken", async () => {
    const clock = virtualClock(1_000_000);
    const asked = Promise.withResolvers<void>();
    const token = Promise.withResolvers<AccessToken>();
    const getToken = () => {
      asked.resolve();
      return token.promise;
    };
    const peerline = nodePeerline(serverUrl(), "ana", { getToken, clock });
    exits.push(() => peerline.close());
    await asked.promise;
    clock.advanceBy(9_999);
    expect(peerline.view()).toMatchObject({ link: "connecting" });
    expect(peerline.view().trouble).toBeUndefined();
    clock.advanceBy(1);
    expect(peerline.view()).toMatchObject({ link: "interrupted", trouble: { code: "no-token" } });
    const transport = createConnectTransport({
      baseUrl: serverUrl(),
      httpVersion: "2",
      useBinaryFormat: true,
    });
    token.resolve(await developmentSignIn(transport, "ana", "Ana")());
    await token.promise;
    clock.advanceBy(10_000);
    await until(peerline, ({ link }) => link === "online");
    expect(peerline.view().trouble).toBeUndefined();
  });
});

function rejecting(reason: string): Promise<never> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: what an application may give.
    then: (_: unknown, reject: (reason: string) => void) => reject(reason),
  } as unknown as Promise<never>;
}

test("a Peerline that was closed is stopped and says so", () => {
  const peerline = opened("http://127.0.0.1:1");
  peerline.close();
  expect(peerline.view()).toMatchObject({ link: "stopped", trouble: { code: "closed" } });
});
