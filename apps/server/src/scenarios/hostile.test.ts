import { connect as connectTcp } from "node:net";
import { create, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { errorFromJson } from "@connectrpc/connect/protocol-connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { ErrorCode, type Error as ErrorDetail, ErrorSchema, SendRequestSchema } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accept, candidates, end, invite, newCallId } from "../testing/commands.ts";
import { openEndpoint, type TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let mallory: TestEndpoint;
const callId = newCallId();

beforeEach(async () => {
  harness = await startHarness();
  ada = await harness.open("ada");
  bob = await harness.open("bob");
  mallory = await harness.open("mallory");
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
});
/** Whatever was tried: the process is up and the call of two others is unharmed. */
afterEach(async () => {
  await ada.run(candidates(callId, 1));
  await bob.event("candidates");
  expect((await bob.run(end(callId))).applied).toBe(true);
  expect((await ada.event("ended")).by).toBe(2);
  await harness.close();
});

interface Answer {
  readonly status: number;
  readonly code: Code;
  readonly detail: ErrorDetail | undefined;
}

async function post(
  method: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${harness.server.url}/peerline.signaling.v1.SignalingService/${method}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/proto", authorization: `Bearer ${mallory.token}`, ...headers },
  });
  const error = errorFromJson(
    (await response.json()) as JsonValue,
    undefined,
    new ConnectError("no Connect error", Code.Unknown),
  );
  return { status: response.status, code: error.code, detail: error.findDetails(ErrorSchema)[0] };
}

const refusal = async (sending: Promise<unknown>) => {
  const error = ConnectError.from(await sending.catch((reason: unknown) => reason));
  return { code: error.code, detail: error.findDetails(ErrorSchema)[0] };
};

describe("over raw HTTP/1.1", () => {
  test("garbage is malformed", async () => {
    expect(await post("Send", new Uint8Array([255, 255, 255, 1, 2, 3]))).toMatchObject({
      status: 400,
      code: Code.InvalidArgument,
      detail: { code: ErrorCode.MALFORMED },
    });
    expect((await post("Send", "{no", { "content-type": "application/json" })).detail?.code).toBe(
      ErrorCode.MALFORMED,
    );
  });

  test("a body over the limit is too large, also without a length", async () => {
    const big = new Uint8Array(300 * 1024);
    expect((await post("Send", big)).detail?.code).toBe(ErrorCode.TOO_LARGE);
    const stream = new ReadableStream({
      start(controller) {
        controller.enqueue(big);
        controller.close();
      },
    });
    const response = await fetch(`${harness.server.url}/peerline.signaling.v1.SignalingService/Send`, {
      method: "POST",
      body: stream,
      duplex: "half",
      headers: { "content-type": "application/proto", authorization: `Bearer ${mallory.token}` },
    } as RequestInit);
    expect([response.status, await response.json()]).toMatchObject([400, { code: "invalid_argument" }]);
  });

  test("a wrong content type is told which ones are right", async () => {
    const answer = await post("Send", "hello", { "content-type": "text/plain" });
    expect([answer.status, answer.detail?.text]).toEqual([415, expect.stringContaining("application/proto")]);
  });

  test("a compressed request is refused before anything is inflated", async () => {
    const answer = await post("Send", new Uint8Array(10), { "content-encoding": "gzip" });
    expect([answer.code, answer.detail?.code]).toEqual([Code.Unimplemented, ErrorCode.UNIMPLEMENTED]);
  });

  test.each([
    "message=AAAA&base64=1&encoding=proto",
    "message=%7Bno&encoding=json",
    "message=*&base64=1",
    "compression=gzip",
  ])("a GET with the query %s gets a Connect error", async (query) => {
    const url = `${harness.server.url}/peerline.signaling.v1.SignalingService/GetIceServers?connect=v1&${query}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${mallory.token}` } });
    const error = errorFromJson(
      (await response.json()) as JsonValue,
      undefined,
      new ConnectError("none", Code.Unknown),
    );
    expect([ErrorCode.MALFORMED, ErrorCode.UNIMPLEMENTED]).toContain(error.findDetails(ErrorSchema)[0]?.code);
  });

  test("an unknown path and a wrong method get a Connect error", async () => {
    expect(await post("Nothing", "")).toMatchObject({ status: 404, code: Code.Unimplemented });
    const got = await fetch(`${harness.server.url}/peerline.signaling.v1.SignalingService/Send`);
    expect([got.status, await got.json()]).toMatchObject([405, { code: "invalid_argument" }]);
  });

  test.each([
    ["none", ""],
    ["no JWT", "Bearer abc"],
    ["not signed", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ."],
  ])("a token that is %s is unauthenticated", async (_name, authorization) => {
    expect(await post("Send", "", { authorization })).toMatchObject({
      status: 401,
      code: Code.Unauthenticated,
      detail: { code: ErrorCode.TOKEN_EXPIRED },
    });
  });
});

describe("a message beyond the schema", () => {
  test.each([
    [
      "an SDP over 64 KiB",
      () =>
        invite(newCallId(), "bob", { offer: { type: 1, body: { case: "sdp", value: "x".repeat(65_537) } } }),
      "commands[0].invite.offer.sdp",
      ErrorCode.TOO_LARGE,
    ],
    [
      "300 candidates in one message",
      () => candidates(callId, 300),
      "commands[0].candidates.list",
      ErrorCode.TOO_LARGE,
    ],
    ["a call id of 3 bytes", () => end(new Uint8Array(3)), "commands[0].end.call_id", ErrorCode.MALFORMED],
    [
      "no media kind",
      () => invite(newCallId(), "bob", { kind: 0 }),
      "commands[0].invite.kind",
      ErrorCode.MALFORMED,
    ],
    [
      "too much metadata",
      () =>
        invite(newCallId(), "bob", {
          metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`${i}`, ""])),
        }),
      "commands[0].invite.metadata",
      ErrorCode.TOO_LARGE,
    ],
  ] as const)("%s names the field", async (_name, make, field, code) => {
    const result = await refusal(mallory.send(make()));
    expect(result).toMatchObject({ code: Code.InvalidArgument, detail: { code, field } });
    expect(result.detail?.text).toContain(field);
  });

  test("33 commands at once name the limit", async () => {
    const many = Array.from({ length: 33 }, () => end(newCallId()));
    expect((await refusal(mallory.send(...many))).detail?.text).toContain("32");
  });

  test("more than 256 candidates of one ufrag are refused one by one", async () => {
    const carl = newCallId();
    await harness.open("carl");
    await mallory.run(invite(carl, "carl"));
    for (let i = 0; i < 4; i++) await mallory.run(candidates(carl, 64, { firstIndex: 64 * i }));
    const last = await mallory.run(candidates(carl, 1, { firstIndex: 256 }));
    expect(last.error).toMatchObject({ code: ErrorCode.TOO_LARGE, field: "candidates.list" });
  });
});

test.each(["grpc", "grpc-web"] as const)("over %s too, errors carry their detail", async (protocol) => {
  const baseUrl = harness.server.url;
  const transport =
    protocol === "grpc"
      ? createGrpcTransport({ baseUrl })
      : createGrpcWebTransport({ baseUrl, httpVersion: "1.1" });
  const eve = await openEndpoint(transport, "eve");
  expect((await refusal(eve.send(end(new Uint8Array(3))))).detail?.field).toBe("commands[0].end.call_id");
  expect((await refusal(eve.sendRaw([], { epoch: new Uint8Array(8) }))).detail?.code).toBe(
    ErrorCode.SESSION_LOST,
  );
  eve.cut();
});

test("bytes that are no HTTP cost nobody else anything", async () => {
  for (const junk of [
    "\x16\x03\x01\x02\x00",
    "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n!!!!!!!!",
    "GET",
    "\r\n\r\n\r\n",
  ]) {
    const socket = connectTcp({ host: "127.0.0.1", port: harness.server.port });
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
    socket.on("data", () => {});
    socket.end(junk);
    await promise;
  }
});

test("a batch of two whole messages in one body is one message, and nobody else's", async () => {
  const bytes = toBinary(
    SendRequestSchema,
    create(SendRequestSchema, { endpointId: bob.endpointId, epoch: bob.hello().epoch }),
  );
  expect((await post("Send", new Uint8Array(bytes))).detail?.code).toBe(ErrorCode.SESSION_LOST);
});
