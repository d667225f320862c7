import { once } from "node:events";
import { type ClientHttp2Session, connect, constants } from "node:http2";

/** A raw request to one method. */
export interface Post {
  readonly path: string;
  readonly contentType: string;
  /** Absent: none is sent. */
  readonly token?: string | undefined;
  readonly body: Uint8Array<ArrayBuffer>;
  /** The answer is a stream: one whole envelope of it is enough. */
  readonly streams: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** Posts over one version of HTTP. Rejects when there is no HTTP answer within 30 s. */
export type Poster = (post: Post) => Promise<HttpAnswer>;

const answerWithinMs = 30_000;
const envelopeHeadBytes = 5;
const lengthAt = 1;

export function http1Poster(baseUrl: string): Poster {
  return async ({ path, body, streams, ...post }) => {
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(answerWithinMs)]);
    const headers = headersOf(post);
    const response = await fetch(`${baseUrl}${path}`, { method: "POST", body, headers, signal });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      if (streams && isWholeEnvelope(chunks)) break;
    }
    const contentType = response.headers.get("content-type") ?? "";
    return { status: response.status, contentType, body: Buffer.concat(chunks) };
  };
}

/** One connection, opened again when the server has cut it. */
export function http2Poster(baseUrl: string): { readonly post: Poster; close(): void } {
  let session: ClientHttp2Session | undefined;
  const open = () => {
    if (!session || session.closed || session.destroyed) {
      session = connect(baseUrl);
      session.on("error", () => {});
    }
    return session;
  };
  return {
    async post({ path, body, streams, ...post }) {
      const signal = AbortSignal.timeout(answerWithinMs);
      const request = open().request({ ":method": "POST", ":path": path, ...headersOf(post) }, { signal });
      request.end(body);
      const [headers] = await once(request, "response");
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) {
        chunks.push(chunk);
        if (streams && isWholeEnvelope(chunks)) break;
      }
      request.close(constants.NGHTTP2_CANCEL);
      const contentType = String(headers["content-type"] ?? "");
      return { status: Number(headers[":status"]), contentType, body: Buffer.concat(chunks) };
    },
    close: () => session?.destroy(),
  };
}

function headersOf({ contentType, token }: { contentType: string; token?: string | undefined }) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return { "content-type": contentType, ...authorization };
}

function isWholeEnvelope(chunks: readonly Uint8Array[]): boolean {
  const bytes = Buffer.concat(chunks);
  return (
    bytes.length >= envelopeHeadBytes && bytes.length >= envelopeHeadBytes + bytes.readUInt32BE(lengthAt)
  );
}

/** The bytes as one message of a stream. */
export function enveloped(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(envelopeHeadBytes);
  head.writeUInt32BE(bytes.length, lengthAt);
  return new Uint8Array(Buffer.concat([head, bytes]));
}

/** The flags and the first message of a stream's bytes. Throws a RangeError when there is no whole one. */
export function openEnvelope(bytes: Uint8Array): { readonly flags: number; readonly message: Uint8Array } {
  const view = Buffer.from(bytes);
  const end = envelopeHeadBytes + view.readUInt32BE(lengthAt);
  if (view.length < end) throw new RangeError("the stream ended within a message");
  return { flags: view.readUInt8(0), message: new Uint8Array(view.subarray(envelopeHeadBytes, end)) };
}
