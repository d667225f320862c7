import { readFileSync } from "node:fs";
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
