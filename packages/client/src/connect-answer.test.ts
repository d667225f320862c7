import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { checkAnswer, checkEnd } from "./connect-answer.ts";

const type = "application/proto";
const json = { "content-type": "application/json; charset=utf-8" };

function answerOf(status: number, body: string | null = null, headers: HeadersInit = json): Response {
  return new Response(body, { status, headers });
}

/** What is thrown for an answer: code, text, details, and the content type among its metadata. */
async function failureOf(answer: Response): Promise<unknown> {
  return await checkAnswer(answer, type).then(() => undefined, described);
}

function described(error: unknown): unknown {
  if (!(error instanceof ConnectError)) return error;
  const { code, rawMessage, details, metadata } = error;
  return { code, text: rawMessage, details, type: metadata.get("content-type") };
}

test("an answer with status 200 and the type that was asked for is one", async () => {
  expect(await failureOf(answerOf(200, "", { "content-type": "Application/Proto;x=1" }))).toBeUndefined();
});

test("an error carries the server's code, text and details", async () => {
  const details = [{ type: "peerline.signaling.v1.Error", value: "CAE", debug: { code: 1 } }];
  const body = JSON.stringify({ code: "permission_denied", message: "no", details });
  expect(await failureOf(answerOf(403, body))).toEqual({
    code: Code.PermissionDenied,
    text: "no",
    details: [{ type: "peerline.signaling.v1.Error", value: new Uint8Array([8, 1]) }],
    type: "application/json; charset=utf-8",
  });
});

test.each([
  ["canceled", Code.Canceled],
  ["invalid_argument", Code.InvalidArgument],
  ["resource_exhausted", Code.ResourceExhausted],
  ["data_loss", Code.DataLoss],
  ["of_tomorrow", Code.Unavailable],
])("an error's code %s is read", async (text, code) => {
  expect(await failureOf(answerOf(503, JSON.stringify({ code: text })))).toMatchObject({ code, text: "" });
});

test.each([
  [
    "HTML of a captive portal",
    answerOf(403, "<html>", { "content-type": "text/html" }),
    Code.PermissionDenied,
    "HTTP 403",
    "text/html",
  ],
  ["no body", answerOf(404, null, {}), Code.Unimplemented, "HTTP 404", null],
  ["JSON that is none", answerOf(503, "{"), Code.Unavailable, "HTTP 503", json["content-type"]],
  ["JSON that is a list", answerOf(429, "[]"), Code.Unavailable, "HTTP 429", json["content-type"]],
  ["a status that nobody knows", answerOf(418, "null"), Code.Unknown, "HTTP 418", json["content-type"]],
  [
    "HTML with status 200",
    answerOf(200, "<html>", { "content-type": "text/html" }),
    Code.Internal,
    "unsupported content type text/html",
    "text/html",
  ],
] as const)("%s is told by its status and keeps its headers", async (_, answer, code, text, given) => {
  expect(await failureOf(answer)).toEqual({ code, text, details: [], type: given });
});

test("details that are no details are left out", async () => {
  const details = [null, 1, [], { type: 1, value: "CAE" }, { type: "a" }, { type: "b", value: "*" }];
  expect(await failureOf(answerOf(500, JSON.stringify({ code: "internal", details })))).toMatchObject({
    code: Code.Internal,
    details: [],
  });
});

test("a stream's end is none of its errors, or throws the one it names", () => {
  const end = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const headers = new Headers({ "content-type": "application/connect+proto" });
  const ended = (data: Uint8Array): unknown => {
    try {
      checkEnd(data, headers);
      return "ended";
    } catch (error) {
      return described(error);
    }
  };
  const common = { details: [], type: "application/connect+proto" };
  expect([{}, { metadata: { a: ["b"] } }, { error: null }].map((value) => ended(end(value)))).toEqual(
    Array(3).fill("ended"),
  );
  expect(ended(end({ error: { code: "unavailable", message: "moving" } }))).toEqual({
    ...common,
    code: Code.Unavailable,
    text: "moving",
  });
  for (const nothing of [new Uint8Array([123]), end(null), end([]), new Uint8Array([255])]) {
    expect(ended(nothing)).toMatchObject({ ...common, code: Code.Unknown });
  }
});
