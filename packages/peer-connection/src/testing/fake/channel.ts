import type { ChannelLike } from "../../connection-like.ts";
import { createEmitter } from "./emitter.ts";

/** A pre-negotiated, ordered, reliable data channel of a fake connection. */
export interface FakeChannel extends ChannelLike {
  readonly id: number;
  readonly label: string;
  /** The transport reached the peer. */
  open(): void;
  /** The own or the peer's connection closed. */
  shut(): void;
  receive(data: Uint8Array<ArrayBuffer>): void;
}

/** `transmit` takes a copy of each message. */
export function createFakeChannel(
  label: string,
  id: number,
  transmit: (data: Uint8Array<ArrayBuffer>) => void,
): FakeChannel {
  const emitter = createEmitter<{ message: { data: unknown }; open: undefined; close: undefined }>();
  let readyState: RTCDataChannelState = "connecting";
  let binaryType: BinaryType = "blob";
  return {
    id,
    label,
    get readyState() {
      return readyState;
    },
    get binaryType() {
      return binaryType;
    },
    set binaryType(type) {
      binaryType = type;
    },
    send(data) {
      if (readyState !== "open") throw new DOMException("the channel is not open", "InvalidStateError");
      transmit(data.slice());
    },
    open() {
      if (readyState !== "connecting") return;
      readyState = "open";
      emitter.emit("open", undefined);
    },
    shut() {
      if (readyState === "closed") return;
      readyState = "closed";
      emitter.emit("close", undefined);
    },
    receive(data) {
      emitter.emit("message", { data: binaryType === "arraybuffer" ? data.buffer : new Blob([data]) });
    },
    addEventListener: emitter.add,
  };
}
