import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { fromHex, toHex } from "@peerline/call-machine/wire";
import { ChatMessageSchema } from "@peerline/protocol";
import { maxFrameBytes } from "./control-frame.ts";
import { PeerError } from "./peer-error.ts";

const idBytes = 16;
const maxTextBytes = 8_192;

/** One line of the conversation. `text` is shown as text, never as markup. */
export interface Chat {
  /** 32 hex digits, made by the sender. */
  readonly id: string;
  readonly text: string;
  /** The sender's clock, in ms. */
  readonly sentAt: number;
}

/** The bytes for the chat channel. Throws `bad-chat-text` unless the text has 1 byte to 8 KiB. */
export function encodeChat(chat: Chat): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(chat.text).length;
  if (bytes === 0 || bytes > maxTextBytes) {
    throw new PeerError("bad-chat-text", `the text has ${bytes} bytes: send 1 to ${maxTextBytes}`);
  }
  const message = { id: fromHex(chat.id), text: chat.text, sentAt: timestampFromMs(chat.sentAt) };
  return toBinary(ChatMessageSchema, create(ChatMessageSchema, message));
}

/** The peer's line; `undefined` when it is malformed, empty or too long. */
export function decodeChat(bytes: Uint8Array): Chat | undefined {
  if (bytes.length > maxFrameBytes) return undefined;
  try {
    const { id, text, sentAt } = fromBinary(ChatMessageSchema, bytes);
    if (id.length !== idBytes || text === "" || new TextEncoder().encode(text).length > maxTextBytes)
      return undefined;
    return { id: toHex(id), text, sentAt: sentAt === undefined ? 0 : timestampMs(sentAt) };
  } catch {
    return undefined;
  }
}
