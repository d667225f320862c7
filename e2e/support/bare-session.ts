import { createConnectTransport } from "@connectrpc/connect-node";
import { developmentSignIn, systemClock } from "@peerline/client";
import { createSignalingSession } from "@peerline/signaling-client";

/** A signaling session with nothing behind it, for counting. */
export interface BareSession {
  /** When each Hello came, by `performance.now()`, and whether it resumed. */
  readonly hellos: readonly { readonly atMs: number; readonly resumed: boolean }[];
  /** When each stream was asked for. */
  readonly attempts: readonly number[];
  /** Resolves with the first Hello after `sinceMs`, past or future. Rejects after `withinMs`. */
  helloAfter(
    sinceMs: number,
    withinMs: number,
  ): Promise<{ readonly atMs: number; readonly resumed: boolean }>;
  stop(): void;
}

const endpointIdBytes = 16;

/** `busy`: as during a call. Over HTTP/2. */
export function openBareSession(options: {
  readonly serverUrl: string;
  readonly user: string;
  readonly busy: boolean;
}): BareSession {
  const real = createConnectTransport({
    baseUrl: options.serverUrl,
    httpVersion: "2",
    useBinaryFormat: true,
  });
  const hellos: { readonly atMs: number; readonly resumed: boolean }[] = [];
  const attempts: number[] = [];
  const watchers = new Set<() => void>();
  const session = createSignalingSession({
    transport: {
      unary: real.unary.bind(real),
      stream(...call) {
        attempts.push(performance.now());
        return real.stream(...call);
      },
    },
    endpointId: crypto.getRandomValues(new Uint8Array(endpointIdBytes)),
    getToken: developmentSignIn(real, options.user, options.user),
    client: { product: "peerline-figures/0" },
    clock: systemClock(),
    random: Math.random,
  });
  session.start((input) => {
    if (input.type !== "hello") return;
    hellos.push({ atMs: performance.now(), resumed: input.resumed });
    for (const watcher of watchers) watcher();
  });
  if (options.busy) session.setCalls([{ callId: "0".repeat(2 * endpointIdBytes), mediaAlive: true }]);

  function helloAfter(
    sinceMs: number,
    withinMs: number,
  ): Promise<{ readonly atMs: number; readonly resumed: boolean }> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        watchers.delete(look);
        reject(new Error(`${options.user} has no Hello within ${withinMs} ms`));
      }, withinMs);
      const look = () => {
        const found = hellos.find(({ atMs }) => atMs > sinceMs);
        if (!found) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve(found);
      };
      watchers.add(look);
      look();
    });
  }

  return { hellos, attempts, helloAfter, stop: () => session.stop("sign-out") };
}
