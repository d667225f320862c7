import { create } from "@bufbuild/protobuf";
import { type ReceiveResponse, ReceiveResponseSchema } from "@peerline/protocol";
import type { Outlet } from "./loopback-mailbox.ts";

/** Frames that are pushed in, read as the stream that Connect asks of a handler. Ends when `signal` aborts. */
export interface FramePipe extends Outlet {
  read(signal: AbortSignal): AsyncGenerator<ReceiveResponse>;
  /** Every frame that waits; with `hold`, the first ones that come. Throws the error that ends the pipe. */
  take(signal: AbortSignal, hold: boolean): Promise<ReceiveResponse[]>;
}

type Item = { readonly frame: ReceiveResponse } | { readonly error: unknown } | "end";

/** With a Hello before them, the 64 frames of one answer. */
const mostTaken = 63;

export function createFramePipe(): FramePipe {
  const items: Item[] = [];
  let notify: () => void = () => undefined;
  const push = (item: Item): void => {
    items.push(item);
    notify();
  };

  const arrival = async (signal: AbortSignal): Promise<void> => {
    await new Promise<void>((resolve) => {
      notify = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
      if (signal.aborted || items.length > 0) resolve();
    });
  };
  const takeNow = (): ReceiveResponse[] => {
    const end = items.findIndex((item) => item === "end" || "error" in item);
    const ready = end === -1 ? items.length : Math.max(end, 1);
    const taken = items.splice(0, Math.min(ready, mostTaken));
    return taken.flatMap((item) => {
      if (item === "end") return [];
      if ("error" in item) throw item.error;
      return [item.frame];
    });
  };

  return {
    async take(signal, hold) {
      if (hold && items.length === 0) await arrival(signal);
      return takeNow();
    },
    frame: (frame) => push({ frame: create(ReceiveResponseSchema, { frame }) }),
    end: (error) => push(error === undefined ? "end" : { error }),
    async *read(signal) {
      while (!signal.aborted) {
        const item = items.shift();
        if (item === undefined) {
          await arrival(signal);
        } else if (item === "end") return;
        else if ("error" in item) throw item.error;
        else yield item.frame;
      }
    },
  };
}
