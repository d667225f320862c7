import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import type { Switchboard } from "./fault-switches.ts";
import { bearerOf, type TokenFaults } from "./faulty-token.ts";

/** `inner` behind the switches `cut`, `stall` and `offline`; a token that expired is refused by the server itself. */
export function faultyTransport(inner: Transport, board: Switchboard, tokens: TokenFaults): Transport {
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues) {
      const line = openLine(board, signal, timeoutMs);
      const headers = presented(header, tokens);
      const ask = () => inner.unary(method, line.signal, timeoutMs, headers, input, contextValues);
      try {
        return await across(line, ask);
      } finally {
        line.close();
      }
    },
    async stream(method, signal, timeoutMs, header, input, contextValues) {
      const line = openLine(board, signal, timeoutMs);
      const headers = presented(header, tokens);
      const ask = () => inner.stream(method, line.signal, timeoutMs, headers, input, contextValues);
      try {
        const response = await across(line, ask);
        return { ...response, message: received(response.message, line, board) };
      } catch (error) {
        line.close();
        throw error;
      }
    },
  };
}

/** There and back again. */
async function across<T>(line: Line, ask: () => Promise<T>): Promise<T> {
  await line.isThrough();
  const answer = await line.unlessBroken(ask());
  await line.isThrough();
  return answer;
}

/** One request, from its start to its end. */
interface Line {
  /** Aborts when the line breaks or the caller gives up. */
  readonly signal: AbortSignal;
  /** Resolves at once; while the path is stalled, never: then it rejects when the line ends. */
  isThrough(): Promise<void>;
  /** What `step` comes to, or the error that ends the line before. */
  unlessBroken<T>(step: Promise<T>): Promise<T>;
  close(): void;
}

function openLine(board: Switchboard, given: AbortSignal | undefined, timeoutMs: number | undefined): Line {
  const controller = new AbortController();
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => undefined);
  const end = (code: Code, text: string) => {
    broken.reject(new ConnectError(text, code));
    controller.abort();
  };
  const goOffline = () => {
    if (board.isOn("offline")) end(Code.Unavailable, "offline by a fault switch");
  };
  const exits = [
    board.on("cut", () => end(Code.Unavailable, "cut by a fault switch")),
    board.on("offline", goOffline),
    onAbort(given, () => end(Code.Canceled, "the caller gave up")),
    onAbort(deadline(timeoutMs), () => end(Code.DeadlineExceeded, "no answer in time")),
  ];
  goOffline();
  return {
    signal: controller.signal,
    isThrough: async () => {
      if (board.isOn("stall") || controller.signal.aborted) await broken.promise;
    },
    unlessBroken: (step) => Promise.race([step, broken.promise]),
    close() {
      for (const exit of exits) exit();
      controller.abort();
    },
  };
}

function deadline(timeoutMs: number | undefined): AbortSignal | undefined {
  return timeoutMs !== undefined && timeoutMs > 0 ? AbortSignal.timeout(timeoutMs) : undefined;
}

function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (signal?.aborted) run();
  signal?.addEventListener("abort", run);
  return () => signal?.removeEventListener("abort", run);
}

/** What comes while the path is stalled is lost, the end of the stream too. */
async function* received<T>(messages: AsyncIterable<T>, line: Line, board: Switchboard): AsyncGenerator<T> {
  const source = messages[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await line.unlessBroken(source.next());
      if (next.done) {
        await line.isThrough();
        return;
      }
      if (!board.isOn("stall")) yield next.value;
    }
  } finally {
    line.close();
  }
}

function presented(header: HeadersInit | undefined, tokens: TokenFaults): Headers {
  const headers = new Headers(header);
  const token = bearerOf(headers);
  if (token !== undefined && tokens.isExpired(token)) {
    headers.set("Authorization", `Bearer ${token}-expired`);
  }
  return headers;
}
