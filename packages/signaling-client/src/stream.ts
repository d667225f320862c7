import type { ReceiveRequest, ReceiveResponse } from "@peerline/protocol";
import type { ServiceClient } from "./service-client.ts";
import { SignalingError } from "./signaling-error.ts";

export interface StreamHandlers {
  onFrame(frame: ReceiveResponse): void;
  /** Once, unless the stream was closed before. */
  onEnd(error: SignalingError): void;
}

/** Opens one Receive and reads it until it ends or the returned function closes it; then no handler is called. */
export function openStream(
  client: ServiceClient,
  request: ReceiveRequest,
  headers: HeadersInit,
  handlers: StreamHandlers,
): () => void {
  const controller = new AbortController();
  const { signal } = controller;

  const read = async (): Promise<void> => {
    let error: SignalingError;
    try {
      for await (const frame of client.receive(request, { signal, headers, timeoutMs: 0 })) {
        if (signal.aborted) return;
        handlers.onFrame(frame);
      }
      error = new SignalingError("unavailable", "the server closed the stream");
    } catch (reason) {
      error = SignalingError.from(reason);
    }
    if (!signal.aborted) handlers.onEnd(error);
  };

  void read();
  return () => controller.abort();
}
