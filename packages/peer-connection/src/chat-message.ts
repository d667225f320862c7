import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { fromHex, momentMs, textFrom, toHex } from "@peerline/call-machine/wire";
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
  /** The sender's clock, in ms; `undefined` when the peer gave no moment. */
  readonly sentAt: number | undefined;
}

/** The bytes for the chat channel. Throws `bad-chat-text` unless the text has 1 byte to 8 KiB. */
export function encodeChat(chat: Chat): Uint8Array<ArrayBuffer> {
  const bytes = new TextEncoder().encode(chat.text).length;
  if (bytes === 0 || bytes > maxTextBytes) {
    throw new PeerError("bad-chat-text", `${bytes} bytes of text: send 1 to ${maxTextBytes}`);
  }
  const { sentAt } = chat;
  const moment = sentAt === undefined ? {} : { sentAt: timestampFromMs(sentAt) };
  return toBinary(
    ChatMessageSchema,
    create(ChatMessageSchema, { id: fromHex(chat.id), text: chat.text, ...moment }),
  );
}

/** The peer's line; `undefined` when it is malformed, too long, or nothing is to be seen in it. */
export function decodeChat(bytes: Uint8Array): Chat | undefined {
  if (bytes.length > maxFrameBytes) return undefined;
  try {
    const message = fromBinary(ChatMessageSchema, bytes);
    const text = textFrom(message.text);
    if (message.id.length !== idBytes || text === undefined) return undefined;
    if (new TextEncoder().encode(message.text).length > maxTextBytes) return undefined;
    return { id: toHex(message.id), text, sentAt: momentMs(message.sentAt) };
  } catch {
    return undefined;
  }
}
