import { seededRandom } from "@peerline/call-machine/testing";
import { SignalingService } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { outcomeOf } from "./answer.ts";
import { enveloped } from "./post.ts";
import { fuzzService } from "./service.ts";

const inputs = 500;
/** One of those whose mutants get behind every check. */
const seed = 3;
const { send, receive } = SignalingService.method;
const json = (status: number, value: unknown) => ({
  status,
  contentType: "application/json",
  body: new TextEncoder().encode(JSON.stringify(value)),
});

test("500 mutants over HTTP/1.1 and HTTP/2 get an answer each, and the call of two others goes on", {
  timeout: 60_000,
}, async () => {
  const report = await fuzzService(inputs, seededRandom(seed));
  expect([report.defects, report.defectCount, report.undisturbed]).toEqual([[], 0, true]);
  expect(Object.values(report.outcomes).reduce((sum, count) => sum + count, 0)).toBe(inputs);
  expect(Object.keys(report.outcomes)).toEqual(
    expect.arrayContaining(["Receive ok", "Send ok", "Send invalid_argument", "Send unauthenticated"]),
  );
});

describe("no answer of a healthy server is", () => {
  test.each([
    [
      "a result that is no message of the method",
      send,
      { ...json(200, {}), contentType: "application/proto", body: Uint8Array.of(255) },
    ],
    ["an error without a code", send, json(500, {})],
    ["a code that Connect does not know", send, json(400, { code: "teapot" })],
    ["a bug", send, json(500, { code: "internal" })],
    [
      "a stream that ends within a message",
      receive,
      {
        status: 200,
        contentType: "application/connect+proto",
        body: enveloped(new Uint8Array(4)).slice(0, 7),
      },
    ],
  ] as const)("%s", (_name, method, answer) => {
    expect(() => outcomeOf(method, answer)).toThrow();
  });

  test("and these are: a result, a refusal, a stream's first message", () => {
    const first = {
      status: 200,
      contentType: "application/connect+proto",
      body: enveloped(new Uint8Array()),
    };
    expect([
      outcomeOf(send, json(200, {})),
      outcomeOf(send, json(400, { code: "invalid_argument" })),
      outcomeOf(receive, first),
    ]).toEqual(["ok", "invalid_argument", "ok"]);
  });
});
