import { create } from "@bufbuild/protobuf";
import { type ReceiveResponse, ReceiveResponseSchema } from "@peerline/protocol";
import type { Outlet } from "./loopback-mailbox.ts";

/** Frames that are pushed in, read as the stream that Connect asks of a handler. Ends when `signal` aborts. */
export interface FramePipe extends Outlet {
  read(signal: AbortSignal): AsyncGenerator<ReceiveResponse>;
}

type Item = { readonly frame: ReceiveResponse } | { readonly error: unknown } | "end";

export function createFramePipe(): FramePipe {
  const items: Item[] = [];
  let notify: () => void = () => undefined;
  const push = (item: Item): void => {
    items.push(item);
    notify();
  };

  return {
    frame: (frame) => push({ frame: create(ReceiveResponseSchema, { frame }) }),
    end: (error) => push(error === undefined ? "end" : { error }),
    async *read(signal) {
      const wake = (): void => notify();
      signal.addEventListener("abort", wake);
      try {
        while (!signal.aborted) {
          const item = items.shift();
          if (item === undefined) {
            await new Promise<void>((resolve) => {
              notify = resolve;
              if (signal.aborted) resolve();
            });
          } else if (item === "end") return;
          else if ("error" in item) throw item.error;
          else yield item.frame;
        }
      } finally {
        signal.removeEventListener("abort", wake);
      }
    },
  };
}
