import type { CallId, Clock, ControlSignal } from "@peerline/call-machine";
import { type Chat, decodeChat, encodeChat } from "./chat-message.ts";
import type { ChannelLike, ConnectionLike } from "./connection-like.ts";
import { decodeControl, encodeControl } from "./control-frame.ts";
import { guarded, type Handlers } from "./handlers.ts";
import { fullBucket, takeOne } from "./rate-limit.ts";

/** PROTOCOL section 5, T33: more frames of the peer than this are ignored, per channel. */
export const maxFramesPerSecond = 50;
/** Lines that waited for a path arrive at once: those of 20 s are taken. */
const chatBurst = 250;
/** Of this side: in no second more than a peer takes. */
const ownBurst = 40;
const ownPerSecond = 10;

/** What comes out of the channels. */
export interface ChannelsListener {
  onControl(signal: ControlSignal): void;
  onChat(chat: Chat): void;
  /** A frame was not understood, or came too fast. */
  onIgnored(channel: string): void;
}

/** The two pre-negotiated data channels of a call: ordered, reliable, binary. PROTOCOL D9. */
export interface Channels {
  readonly control: ChannelLike;
  readonly chat: ChannelLike;
  /** False when the channel is not open: nothing was sent. */
  say(signal: ControlSignal): boolean;
  /** Sends a control frame without a body, which says nothing: only its acknowledgement by the peer's stack counts. */
  probe(): void;
  /** False: the channel is not open, it came too fast, or the platform does not take it; nothing was sent. Throws `bad-chat-text`. */
  sendChat(chat: Chat): boolean;
}

/** Opens both; to be called before the first description. */
export function createChannels(
  connection: ConnectionLike,
  callId: CallId,
  clock: Clock,
  listener: ChannelsListener,
  handlers: Handlers,
): Channels {
  const control = openChannel(connection, "control", 0);
  const chat = openChannel(connection, "chat", 1);
  let own = fullBucket;
  listen(control, "control", { clock, listener, handlers, burst: maxFramesPerSecond }, (bytes) => {
    const signal = decodeControl(callId, bytes);
    if (signal !== undefined) listener.onControl(signal);
    return signal !== undefined;
  });
  listen(chat, "chat", { clock, listener, handlers, burst: chatBurst }, (bytes) => {
    const message = decodeChat(bytes);
    if (message !== undefined) listener.onChat(message);
    return message !== undefined;
  });
  return {
    control,
    chat,
    say(signal) {
      if (control.readyState !== "open") return false;
      control.send(encodeControl(callId, signal));
      return true;
    },
    probe: guarded(
      () => {
        if (control.readyState === "open") control.send(new Uint8Array());
      },
      () => undefined,
    ),
    sendChat(message) {
      const bytes = encodeChat(message);
      if (chat.readyState !== "open") return false;
      const [next, allowed] = takeOne(own, clock.now(), ownBurst, ownPerSecond);
      own = next;
      try {
        if (allowed) chat.send(bytes);
      } catch {
        return false;
      }
      return allowed;
    },
  };
}

function openChannel(connection: ConnectionLike, label: string, id: number): ChannelLike {
  const channel = connection.createDataChannel(label, { negotiated: true, id, ordered: true });
  channel.binaryType = "arraybuffer";
  return channel;
}

interface Listening {
  readonly clock: Clock;
  readonly listener: ChannelsListener;
  readonly handlers: Handlers;
  readonly burst: number;
}

function listen(
  channel: ChannelLike,
  name: string,
  { clock, listener, handlers, burst }: Listening,
  read: (bytes: Uint8Array) => boolean,
): void {
  let bucket = fullBucket;
  const onMessage = handlers.on(({ data }: { readonly data: unknown }) => {
    if (data instanceof ArrayBuffer && data.byteLength === 0) return;
    const [next, allowed] = takeOne(bucket, clock.now(), burst, maxFramesPerSecond);
    bucket = next;
    const understood = allowed && data instanceof ArrayBuffer && read(new Uint8Array(data));
    if (!understood) listener.onIgnored(name);
  });
  channel.addEventListener("message", onMessage);
}
