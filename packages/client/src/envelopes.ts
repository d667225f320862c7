import { Code, ConnectError } from "@connectrpc/connect";

/** A message of a stream with its flags: 1 is compressed, 2 the end. Connect protocol, "Enveloped-Message". */
export interface Envelope {
  readonly flags: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

const headBytes = 5;
/** More than a server of Peerline ever answers with at once. */
const maxMessageBytes = 8 * 1024 * 1024;

/** One message as it goes into the body of a request. */
export function envelope(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headBytes + data.length);
  new DataView(bytes.buffer).setUint32(1, data.length);
  bytes.set(data, headBytes);
  return bytes;
}

/**
 * The messages of a body, however it is cut into chunks. Throws a ConnectError: `Internal` for one that is compressed,
 * `ResourceExhausted` for one above 8 MiB, `InvalidArgument` for a body that ends inside of one. Leaving early cancels the body.
 */
export async function* envelopesOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Envelope, void, undefined> {
  const reader = body.getReader();
  let held = new Uint8Array(0);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      held = joined(held, value);
      for (let size = sizeOf(held); size <= held.length; size = sizeOf(held)) {
        yield { flags: uncompressed(held[0]), data: held.slice(headBytes, size) };
        held = held.subarray(size);
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
  if (held.length > 0) throw new ConnectError("the stream ended inside of a message", Code.InvalidArgument);
}

/** Of the first envelope, its head included; the head's size until that is there. */
function sizeOf(held: Uint8Array<ArrayBuffer>): number {
  if (held.length < headBytes) return headBytes;
  const size = new DataView(held.buffer, held.byteOffset).getUint32(1);
  if (size > maxMessageBytes) throw new ConnectError(`a message of ${size} bytes`, Code.ResourceExhausted);
  return headBytes + size;
}

function joined(held: Uint8Array<ArrayBuffer>, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(held.length + chunk.length);
  bytes.set(held);
  bytes.set(chunk, held.length);
  return bytes;
}

function uncompressed(flags = 0): number {
  if (flags & 1) throw new ConnectError("a compressed message, which was not asked for", Code.Internal);
  return flags;
}
