import type { Duplex } from "node:stream";
import { errorBody } from "./error-body.ts";

/** The answer may leave, and what the client still sends is read, before the connection is cut. */
const leaveMs = 300;
const answered = new WeakSet<Duplex>();

/**
 * Says why an HTTP/1.1 request could not be read, and closes its connection. Without words while an answer is on its way, which they
 * would become a part of, and for a client that is only slow or gone.
 */
export function closeUnreadable(
  socket: Duplex,
  reason: unknown,
  isAnswering: boolean,
  maxBytes: number,
): void {
  if (answered.has(socket)) return;
  const answer = isAnswering || !socket.writable ? undefined : answerTo(codeOf(reason), maxBytes);
  if (answer === undefined) {
    socket.destroy();
    return;
  }
  answered.add(socket);
  socket.end(answer);
  const cut = setTimeout(() => socket.destroy(), leaveMs);
  socket.once("close", () => clearTimeout(cut));
}

function answerTo(code: string, maxBytes: number): string | undefined {
  if (code === "HPE_HEADER_OVERFLOW") {
    const text = `The headers have more than ${maxBytes} bytes. Send fewer, and a shorter token.`;
    return message("431 Request Header Fields Too Large", JSON.stringify(errorBody("too-large", text)));
  }
  if (!code.startsWith("HPE_")) return undefined;
  const body = JSON.stringify(
    errorBody("malformed", "This is no HTTP request. Check the URL and its scheme."),
  );
  return message("400 Bad Request", body);
}

function message(status: string, body: string): string {
  const headers = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  return `HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`;
}

function codeOf(reason: unknown): string {
  if (typeof reason !== "object" || reason === null || !("code" in reason)) return "";
  return typeof reason.code === "string" ? reason.code : "";
}
