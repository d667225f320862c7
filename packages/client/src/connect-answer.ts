import { base64Decode } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";

/** The JSON of an error: in the body of a unary answer, or under `error` in the last message of a stream. */
type ErrorJson = Readonly<Record<string, unknown>>;

/**
 * Throws unless an answer has the status 200 and this content type: what the server said with its details, and else
 * what the status stands for. The error's `metadata` are the answer's headers. Connect protocol, "Unary-Response", "Error Codes".
 */
export async function checkAnswer(answer: Response, type: string): Promise<void> {
  const given = answer.headers.get("content-type") ?? "";
  if (answer.status === 200 && isType(given, type)) return;
  const [code, text] =
    answer.status === 200
      ? [Code.Internal, `unsupported content type ${given}`]
      : [codeOfStatus.get(answer.status) ?? Code.Unknown, `HTTP ${answer.status}`];
  const fallback = new ConnectError(text, code, answer.headers);
  throw isType(given, "application/json") ? errorOf(parsed(await answer.text()), fallback) : fallback;
}

/** Throws what the last message of a stream says went wrong; else returns. Connect protocol, "EndStreamResponse". */
export function checkEnd(data: Uint8Array, headers: Headers): void {
  const fallback = new ConnectError("the stream ended with what is no end", Code.Unknown, headers);
  const end = parsed(new TextDecoder().decode(data));
  if (!isRecord(end)) throw fallback;
  if (end.error !== undefined && end.error !== null) throw errorOf(end.error, fallback);
}

/** A `fallback` for all that is not an error of the Connect protocol; unknown codes are the fallback's. */
function errorOf(json: unknown, fallback: ConnectError): ConnectError {
  if (!isRecord(json)) return fallback;
  const code = codeOfText.get(String(json.code)) ?? fallback.code;
  const error = new ConnectError(textOf(json.message) ?? "", code, fallback.metadata);
  const details = Array.isArray(json.details) ? json.details : [];
  error.details = details.flatMap((detail: unknown) => detailOf(detail) ?? []);
  return error;
}

function detailOf(detail: unknown): { type: string; value: Uint8Array } | undefined {
  if (!isRecord(detail)) return undefined;
  const type = textOf(detail.type);
  const value = textOf(detail.value);
  if (type === undefined || value === undefined) return undefined;
  try {
    return { type, value: base64Decode(value) };
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is ErrorJson {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** `application/json; charset=utf-8` is `application/json`. */
function isType(given: string, type: string): boolean {
  return given.split(";", 1)[0]?.trim().toLowerCase() === type;
}

/** `permission_denied` for `Code.PermissionDenied`. */
const codeOfText = new Map(
  Object.entries(Code).flatMap(([name, code]) =>
    typeof code === "number" ? [[name.replace(/\B[A-Z]/g, "_$&").toLowerCase(), code] as const] : [],
  ),
);

const codeOfStatus = new Map([
  [400, Code.Internal],
  [401, Code.Unauthenticated],
  [403, Code.PermissionDenied],
  [404, Code.Unimplemented],
  [429, Code.Unavailable],
  [502, Code.Unavailable],
  [503, Code.Unavailable],
  [504, Code.Unavailable],
]);
