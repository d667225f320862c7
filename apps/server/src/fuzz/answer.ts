import { type DescMethod, fromBinary, fromJsonString } from "@bufbuild/protobuf";
import { codeFromString } from "@connectrpc/connect/protocol-connect";
import { type HttpAnswer, openEnvelope } from "./post.ts";

const endOfStreamFlag = 2;
/** Codes that only a bug gives. */
const bugs = new Set(["internal", "unknown", "data_loss"]);

/**
 * What an HTTP answer to a method says: "ok", or a Connect error code. Throws when it is neither, when its result is no
 * message of the method, and for a code that only a bug gives.
 */
export function outcomeOf(method: DescMethod, { status, contentType, body }: HttpAnswer): string {
  const text = () => new TextDecoder().decode(body);
  if (contentType.startsWith("application/connect+")) return streamOutcome(method, contentType, body);
  if (status !== 200) return codeIn(JSON.parse(text()), status);
  if (contentType === "application/json") fromJsonString(method.output, text());
  else fromBinary(method.output, body);
  return "ok";
}

function streamOutcome(method: DescMethod, contentType: string, body: Uint8Array): string {
  const { flags, message } = openEnvelope(body);
  const text = () => new TextDecoder().decode(message);
  if ((flags & endOfStreamFlag) !== 0) {
    const end: { error?: unknown } = JSON.parse(text());
    return end.error === undefined ? "ok" : codeIn(end.error, 200);
  }
  if (contentType === "application/connect+json") fromJsonString(method.output, text());
  else fromBinary(method.output, message);
  return "ok";
}

function codeIn(error: { code?: unknown } | unknown, status: number): string {
  const code = error !== null && typeof error === "object" && "code" in error ? error.code : undefined;
  if (typeof code !== "string" || codeFromString(code) === undefined) {
    throw new Error(`HTTP ${status} without a Connect error code`);
  }
  if (bugs.has(code)) throw new Error(`HTTP ${status} with the code "${code}"`);
  return code;
}
