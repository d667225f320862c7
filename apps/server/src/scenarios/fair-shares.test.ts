import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { DetachRequest_Intent, ErrorCode, ErrorSchema, SignalingService } from "@peerline/protocol";
import { afterEach, describe, expect, test } from "vitest";
import { accept, end, invite, newCallId } from "../testing/commands.ts";
import { openEndpoint, type TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
afterEach(() => harness.close());

const outcome = async (work: Promise<unknown>) => {
  try {
    await work;
    return "served";
  } catch (reason) {
    const error = ConnectError.from(reason);
    const detail = error.findDetails(ErrorSchema)[0];
    return error.code === Code.ResourceExhausted && detail?.code === ErrorCode.RATE_LIMITED
      ? "too fast"
      : `${Code[error.code]}: ${error.message}`;
  }
};

/** How many of these were served; all others were too fast. */
const served = async (works: readonly Promise<unknown>[]) => {
  const outcomes = await Promise.all(works.map(outcome));
  expect(outcomes.filter((each) => each !== "served" && each !== "too fast")).toEqual([]);
  return outcomes.filter((each) => each === "served").length;
};

const times = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

const freshPoll = ({ client, token }: Pick<TestEndpoint, "client" | "token">, headers: object = {}) =>
  client.poll(
    { receive: { endpointId: newCallId(), client: { protocolMin: 1, protocolMax: 1 } } },
    { headers: { Authorization: `Bearer ${token}`, ...headers } },
  );

describe("one account that opens endpoint after endpoint", () => {
  const limits = {
    admission: { perSecond: 40, burst: 40 },
    userOpens: { perSecond: 1, burst: 9 },
    endpointsPerUser: 1_000,
  };

  test("by Polls with fresh ids uses up its own share, and nobody else's", async () => {
    harness = await startHarness({ limits });
    const mallory = await harness.open("mallory");
    expect(await served(times(100, () => freshPoll(mallory)))).toBe(8);
    expect(await served(times(30, (index) => harness.open(`bystander-${index}`)))).toBe(30);
  });

  test("by Receives too", async () => {
    harness = await startHarness({ limits });
    expect(await served(times(100, () => harness.open("mallory")))).toBe(9);
    expect(await served(times(30, (index) => harness.open(`bystander-${index}`)))).toBe(30);
    await harness.clock.advance(3_000);
    expect(await served(times(10, () => harness.open("mallory")))).toBe(3);
  });
});

describe("one address with many accounts", () => {
  const limits = { addressOpens: { perSecond: 1, burst: 10 }, admission: { perSecond: 40, burst: 40 } };

  const from = (address: string) =>
    createConnectTransport({
      baseUrl: harness.server.url,
      httpVersion: "1.1",
      interceptors: [
        (next) => async (request) => {
          request.header.set("X-Forwarded-For", address);
          return await next(request);
        },
      ],
    });

  const opens = (count: number, address: (index: number) => string) =>
    served(
      times(count, (index) =>
        openEndpoint(from(address(index)), `${address(0).replaceAll(":", "-")}.${index}`),
      ),
    );

  test("behind a trusted proxy uses up its own share, and no other address's", async () => {
    harness = await startHarness({ limits, trustedProxies: ["127.0.0.1", "::1"] });
    expect(await opens(25, () => "198.51.100.1")).toBe(10);
    expect(await opens(8, () => "198.51.100.2")).toBe(8);
    expect(await opens(8, (index) => `2001:db8::${index}`)).toBe(8);
    expect(await opens(8, (index) => `2001:db8::1:${index}`)).toBe(2);
  });

  test("cannot make itself another address by a header that no proxy has written", async () => {
    harness = await startHarness({ limits });
    expect(await opens(25, (index) => `198.51.100.${index}`)).toBe(10);
  });

  test("signs in by name no faster than its share allows", async () => {
    harness = await startHarness({ limits: { signIns: { perSecond: 1, burst: 5 } } });
    expect(await served(times(20, (index) => harness.open(`person-${index}`)))).toBe(5);
  });
});

describe("an account that repeats a request", () => {
  const rareRequests = { perSecond: 1, burst: 4 };

  test.each<[string, (one: TestEndpoint, headers: { Authorization: string }) => Promise<unknown>]>([
    [
      "GetIceServers",
      ({ client }, headers) => client.getIceServers({ endpointId: newCallId() }, { headers }),
    ],
    [
      "Reauthenticate",
      ({ client }, headers) => client.reauthenticate({ endpointId: newCallId() }, { headers }),
    ],
    [
      "Detach",
      ({ client }, headers) =>
        client.detach({ endpointId: newCallId(), intent: DetachRequest_Intent.SIGN_OUT }, { headers }),
    ],
  ])("%s is served at its rate, whatever endpoint ids it names", async (_name, ask) => {
    harness = await startHarness({ limits: { rareRequests } });
    const [mallory, ada] = [await harness.open("mallory"), await harness.open("ada")];
    const headersOf = ({ token }: TestEndpoint) => ({ Authorization: `Bearer ${token}` });
    expect(await served(times(40, () => ask(mallory, headersOf(mallory))))).toBe(4);
    expect(await served(times(4, () => ask(ada, headersOf(ada))))).toBe(4);
    await harness.clock.advance(2_000);
    expect(await served(times(5, () => ask(mallory, headersOf(mallory))))).toBe(2);
  });

  test("Send is served at its rate over all its endpoints, empty or not, and still hangs up", async () => {
    const limits = { sends: { perSecond: 1, burst: 6 }, commands: { perSecond: 1, burst: 5 } };
    harness = await startHarness({ limits });
    const [mallory, second, bob] = [
      await harness.open("mallory"),
      await harness.open("mallory"),
      await harness.open("bob"),
    ];
    const callId = newCallId();
    await mallory.run(invite(callId, "bob"));
    await bob.run(accept(callId));
    const empty = times(40, (index) => (index % 2 === 0 ? mallory : second).sendRaw([]));
    expect(await served(empty)).toBe(5);
    expect((await mallory.run(end(callId))).applied).toBe(true);
    expect(await outcome(mallory.sendRaw([]))).toBe("too fast");
  });

  test("a hang-up that has run is no way around it", async () => {
    harness = await startHarness({ limits: { sends: { perSecond: 1, burst: 3 } } });
    const [mallory, client] = [
      await harness.open("mallory"),
      createClient(SignalingService, harness.transport),
    ];
    const callId = newCallId();
    await mallory.run(invite(callId, "bob"));
    const clientSeq = mallory.nextSeq();
    const request = {
      endpointId: mallory.endpointId,
      epoch: mallory.hello().epoch,
      commands: [{ clientSeq, action: end(callId) }],
    };
    const headers = { Authorization: `Bearer ${mallory.token}` };
    await client.send(request, { headers });
    expect(await served(times(20, () => client.send(request, { headers })))).toBe(1);
  });
});
