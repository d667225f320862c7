import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { create } from "@bufbuild/protobuf";
import { type Command, CommandSchema, EndSchema, ErrorCode } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { newCallId } from "../testing/commands.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

const page = readFileSync(new URL("../../../../docs/protocol.md", import.meta.url), "utf8");
const [, section = ""] = page.split("\n## On HTTP\n");
const [onHttp = ""] = section.split("\n## ");

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

/** The content types of one column of the page's table; `the same` is the column before. */
function listed(column: 1 | 2): ReadonlySet<string> {
  const rows = [...onHttp.matchAll(/^\|(.+)\|(.+)\|(.+)\|$/gm)];
  const cells = rows.map(
    (cell) => (cell[column + 1]?.includes("the same") ? cell[column] : cell[column + 1]) ?? "",
  );
  return new Set(
    cells.flatMap((cell) => [...cell.matchAll(/`(application\/[^`]+)`/g)].map(([, type = ""]) => type)),
  );
}

const candidates = ["grpc", "grpc-web", "connect"]
  .flatMap((kind) => [kind, `${kind}+proto`, `${kind}+json`])
  .concat("proto", "json", "xml", "grpc-web-text", "octet-stream")
  .map((kind) => `application/${kind}`);

async function isServed(method: string, contentType: string): Promise<boolean> {
  const { status } = await fetch(`${harness.server.url}/peerline.signaling.v1.SignalingService/${method}`, {
    method: "POST",
    headers: { "content-type": contentType },
  });
  return status !== 415;
}

test.each([
  ["Receive", 1],
  ["Send", 2],
] as const)(
  "%s takes the content types that the page about the protocol lists, and no other",
  async (method, column) => {
    const served: string[] = [];
    for (const contentType of candidates) if (await isServed(method, contentType)) served.push(contentType);
    expect(new Set(served)).toEqual(listed(column));
  },
);

test("the refusal of another content type names those of Connect", async () => {
  const answer = await fetch(`${harness.server.url}/peerline.signaling.v1.SignalingService/Receive`, {
    method: "POST",
    headers: { "content-type": "text/plain" },
  });
  const { message } = (await answer.json()) as { message: string };
  for (const contentType of [...listed(1), ...listed(2)]) {
    if (!contentType.includes("grpc")) expect(message).toContain(contentType);
  }
});

test("one malformed command refuses its whole batch, and none of the numbers is used up", async () => {
  const ada = await harness.open("ada");
  const batch = (...actions: readonly Command["action"][]) =>
    actions.map((action, index) => create(CommandSchema, { clientSeq: BigInt(index + 1), action }));
  const end = (callId: Uint8Array<ArrayBuffer>) =>
    ({ case: "end", value: create(EndSchema, { callId }) }) as const;
  const refused = await ada.sendRaw(batch(end(newCallId()), end(new Uint8Array(3)))).catch(String);
  expect(refused).toMatch(/invalid_argument.*commands\[1\]\.end\.call_id/);
  const { results } = await ada.sendRaw(batch(end(newCallId())));
  expect(results.map(({ clientSeq, error }) => [clientSeq, error?.code])).toEqual([
    [1n, ErrorCode.NO_SUCH_CALL],
  ]);
});

test.each([
  ["connect-timeout-ms", "9999999999"],
  ["grpc-timeout", "99999999H"],
])(
  "a deadline beyond a day (%s: %s) counts as one of a day, and nothing is written about it",
  async (name, value) => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => void warnings.push(message);
    process.on("warning", onWarning);
    const isGrpc = name === "grpc-timeout";
    const { token } = await harness.open("ada");
    const body = isGrpc
      ? new Uint8Array([0, 0, 0, 0, 18, 10, 16, ...newCallId()])
      : new Uint8Array([10, 16, ...newCallId()]);
    const answer = await fetch(`${harness.server.url}/peerline.signaling.v1.SignalingService/GetIceServers`, {
      method: "POST",
      headers: {
        "content-type": isGrpc ? "application/grpc-web" : "application/proto",
        authorization: `Bearer ${token}`,
        [name]: value,
      },
      body,
    });
    const said = isGrpc ? /grpc-status: (\d+)/.exec(await answer.text())?.[1] : String(answer.status);
    await new Promise(setImmediate);
    process.off("warning", onWarning);
    expect([said, warnings]).toEqual([isGrpc ? "0" : "200", []]);
  },
);

/** What comes back for these bytes until the connection is closed. */
function answerTo(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(harness.server.port, "127.0.0.1", () => void socket.write(bytes));
    socket.on("data", (part: Buffer) => {
      text += part.toString();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(text));
  });
}

const post = "POST /peerline.signaling.v1.SignalingService/Send HTTP/1.1\r\nHost: x\r\n";
test.each([
  ["a token of 20 kB", `${post}Authorization: Bearer ${"a".repeat(20_000)}\r\n\r\n`, 431, "invalid_argument"],
  [
    "a token of 200 kB",
    `${post}Authorization: Bearer ${"a".repeat(200_000)}\r\n\r\n`,
    431,
    "invalid_argument",
  ],
  ["TLS", "\u0016\u0003\u0001\u0002\u0000\u0001", 400, "invalid_argument"],
  ["two lengths", `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`, 400, "invalid_argument"],
])(
  "%s over HTTP/1.1 is answered with what is wrong, and the connection is closed",
  async (_name, bytes, status, code) => {
    const [head = "", body = ""] = (await answerTo(bytes)).split("\r\n\r\n");
    expect([head.split(" ", 2)[1], JSON.parse(body).code]).toEqual([String(status), code]);
  },
);

test("bytes that follow a request and are none leave its answer whole", async () => {
  const text = await answerTo("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\ngarbage\r\n\r\n");
  expect(text.startsWith("HTTP/1.1 200 OK")).toBe(true);
});
