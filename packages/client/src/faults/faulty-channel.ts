import type { ChannelLike } from "@peerline/peer-connection";
import { override } from "./override.ts";

/** A data channel whose messages wait while the path is dead: SCTP repeats them until they arrive. */
export interface FaultyChannel {
  readonly channel: ChannelLike;
  /** The path lives again. */
  flush(): void;
}

export function faultyChannel(native: ChannelLike, isDead: () => boolean): FaultyChannel {
  const waiting: (() => void)[] = [];

  function pass(run: () => void): void {
    if (isDead() || waiting.length > 0) waiting.push(run);
    else run();
  }

  function send(data: Uint8Array<ArrayBuffer>): void {
    if (native.readyState !== "open") native.send(data);
    else pass(() => native.readyState === "open" && native.send(data));
  }

  function addEventListener(
    type: "message" | "open" | "close",
    listener: (event: { readonly data: unknown }) => void,
  ): void {
    if (type === "message") native.addEventListener(type, (event) => pass(() => listener(event)));
    else native.addEventListener(type, () => listener({ data: undefined }));
  }

  return {
    channel: override(native, { send, addEventListener }),
    flush() {
      for (const run of waiting.splice(0)) run();
    },
  };
}
