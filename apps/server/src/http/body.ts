import { type DescMessage, fromBinary, fromJsonString } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import type { UniversalHandler } from "@connectrpc/connect/protocol";
import { ServerError } from "../errors/server-error.ts";
import type { BodyCheck } from "../rpc/request-gate.ts";

/** A request body that is read at most once, never beyond a limit, and checked before a handler sees it. */
export interface CheckedBody {
  readonly check: BodyCheck;
  readonly chunks: AsyncIterable<Uint8Array>;
}

const envelopeBytes = 5;

/**
 * Reads the body only when `check` is called (after authentication). Too long a body is "too-large", bytes that are
 * no message of the method are "malformed". PROTOCOL 1.10, T14.
 */
export function createCheckedBody(
  source: AsyncIterable<Uint8Array>,
  options: {
    readonly handler: UniversalHandler;
    readonly contentType: string;
    readonly maxBytes: number;
    /** Told of each part that is kept until the body is whole. */
    readonly onBytes: (bytes: number) => void;
    readonly get: URL | undefined;
  },
): CheckedBody {
  let read: Uint8Array<ArrayBuffer> | undefined;
  return {
    async check() {
      if (options.get) {
        const { bytes, contentType } = queryMessage(options.get);
        return assertMessage(options.handler.method.input, bytes, contentType);
      }
      const maxBytes = options.maxBytes + (isEnveloped(options.contentType) ? envelopeBytes : 0);
      read = await readAll(source, maxBytes, options.onBytes);
      assertMessage(
        options.handler.method.input,
        messageBytes(read, options.contentType),
        options.contentType,
      );
    },
    chunks: {
      async *[Symbol.asyncIterator]() {
        if (read) yield read;
        else yield* source;
      },
    },
  };
}

async function readAll(
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.byteLength;
    if (length > maxBytes) {
      throw new ServerError(
        "too-large",
        `The request has more than ${maxBytes} bytes. Send fewer commands at once.`,
      );
    }
    chunks.push(chunk);
    onBytes(chunk.byteLength);
  }
  const all = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return all;
}

/** The message that a Connect GET carries in its query. */
function queryMessage({ searchParams }: URL): { readonly bytes: Uint8Array; readonly contentType: string } {
  if ((searchParams.get("compression") ?? "identity") !== "identity") throw compressed();
  const message = searchParams.get("message") ?? "";
  const contentType = `application/${searchParams.get("encoding") === "json" ? "json" : "proto"}`;
  if (searchParams.get("base64") !== "1") return { bytes: new TextEncoder().encode(message), contentType };
  try {
    return { bytes: base64Decode(message), contentType };
  } catch (cause) {
    throw new ServerError("malformed", "The query's message is no base64. Encode it with the schema.", {
      cause,
    });
  }
}

function compressed(): ServerError {
  return new ServerError("unimplemented", "Compressed requests are not served. Send them uncompressed.");
}

/** gRPC, gRPC-Web and Connect streams put a flag and a length before the message. */
function isEnveloped(contentType: string): boolean {
  return /^application\/(grpc|connect)/i.test(contentType);
}

function messageBytes(body: Uint8Array, contentType: string): Uint8Array {
  if (!isEnveloped(contentType)) return body;
  if (body.byteLength < envelopeBytes)
    throw new ServerError("malformed", "The request is cut off. Send one whole message.");
  const view = new DataView(body.buffer, body.byteOffset);
  const flags = view.getUint8(0);
  if (flags !== 0) throw compressed();
  const length = view.getUint32(1);
  if (length !== body.byteLength - envelopeBytes) {
    throw new ServerError(
      "malformed",
      "The request does not hold exactly one message. Send one whole message.",
    );
  }
  return body.subarray(envelopeBytes);
}

function assertMessage(schema: DescMessage, bytes: Uint8Array, contentType: string): void {
  try {
    if (/json/i.test(contentType))
      fromJsonString(schema, new TextDecoder("utf-8", { fatal: true }).decode(bytes), {
        ignoreUnknownFields: true,
      });
    else fromBinary(schema, bytes);
  } catch (cause) {
    throw new ServerError("malformed", `The request is no ${schema.typeName}. Encode it with the schema.`, {
      cause,
    });
  }
}
