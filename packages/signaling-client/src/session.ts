import type { CommandAction, SignalingPort } from "@peerline/call-machine";
import { DetachRequest_Intent } from "@peerline/protocol";
import { createRuntime } from "./create-runtime.ts";
import { type FreshIceServers, freshIceServers } from "./fresh-ice-servers.ts";
import type { SignalingSessionOptions } from "./options.ts";
import { enqueue } from "./outbox.ts";
import { deliver, headersOf, type Runtime } from "./runtime.ts";
import { abandon, hurry, pump } from "./sender.ts";
import { withCalls } from "./sending.ts";
import { SignalingError } from "./signaling-error.ts";

/** What `createSignalingSession` gives: the machines' port, and what only the application around them asks for. */
export interface SignalingSession extends SignalingPort {
  /**
   * `true`: short Polls 5 s apart instead of a stream, for a tab that nobody looks at, so that it does not hold one of a
   * browser's few connections; held Polls while a call is on. `false`: whichever carrier works. Default: false. Row 66.
   */
  preferPolling(on: boolean): void;
  /**
   * What the platform says of its network. `false`: no attempt is made. `true`: one is made at once. Default: true.
   * PROTOCOL 2.2.
   */
  setOnline(online: boolean): void;
  /**
   * Fresh STUN and TURN credentials, before an ICE restart. Undefined when the server does not answer within 2 s or the
   * session has ended; never rejects. PROTOCOL 1.12.
   */
  getIceServers(): Promise<FreshIceServers | undefined>;
}

const endpointIdBytes = 16;
/** After its end a session has no clock: what it still sends is given up after this, by the platform's, in ms. */
const lastWordsMs = 10_000;

/**
 * One resumable signaling session over any Connect transport: it connects, resumes and reconnects by itself,
 * delivers each event once and in order, and executes each command once. PROTOCOL 1.2, 1.3, 1.4. Nothing happens
 * before `start`; nothing is delivered after `stop`. Throws `SignalingError` `invalid-options` for an endpoint id
 * that is not 16 bytes.
 */
export function createSignalingSession(options: SignalingSessionOptions): SignalingSession {
  if (options.endpointId.length !== endpointIdBytes) {
    const text = `endpointId has ${options.endpointId.length} bytes; pass 16 random ones.`;
    throw new SignalingError("invalid-options", text);
  }
  const runtime = createRuntime(options);
  return {
    start(receive) {
      runtime.receive = receive;
      runtime.post(() => runtime.dispatch({ type: "start" }));
    },
    send: (action) => runtime.post(() => send(runtime, action)),
    setCalls(calls) {
      runtime.post(() => {
        runtime.sender.sending = withCalls(runtime.sender.sending, calls, runtime.options.clock.now());
        runtime.dispatch({ type: "paced", pace: calls.length > 0 ? "busy" : "idle" });
      });
    },
    wake() {
      runtime.post(() => {
        hurry(runtime.sender);
        runtime.dispatch({ type: "wake" });
      });
    },
    preferPolling(poll) {
      runtime.post(() => runtime.dispatch({ type: "preferred", poll }));
    },
    setOnline(online) {
      runtime.post(() => runtime.dispatch({ type: "network", online }));
    },
    getIceServers: async () =>
      runtime.link.status === "running" ? await freshIceServers(runtime) : undefined,
    stop: (intent) => stop(runtime, intent),
  };
}

/** After the end a command has nowhere to go. */
function send(runtime: Runtime, action: CommandAction): void {
  if (runtime.link.status === "stopped") return;
  const [outbox, outcomes] = enqueue(runtime.sender.sending.outbox, action);
  runtime.sender.sending = { ...runtime.sender.sending, outbox };
  for (const outcome of outcomes) deliver(runtime, { type: "result", ...outcome });
}

/** Idempotent. A batch under way is left to arrive, one that waits leaves now, and Detach follows at once. */
function stop(runtime: Runtime, intent: "page-gone" | "sign-out"): void {
  const wasRunning = runtime.link.status === "running";
  if (wasRunning) flush(runtime);
  runtime.queue.close();
  runtime.cancelTimer();
  runtime.end();
  runtime.dispatch({ type: "stop" });
  if (!wasRunning) return;
  runtime.options.logger?.info("signaling stopped by this side", { intent });
  detach(runtime, intent);
}

/** A pause after a failure is cut short. */
function flush({ sender, link }: Runtime): void {
  sender.sending = { ...sender.sending, retryAt: 0 };
  pump(sender, link.current !== undefined);
  if (sender.flight) AbortSignal.timeout(lastWordsMs).addEventListener("abort", () => abandon(sender));
}

function detach({ options, keeper, client, life }: Runtime, intent: "page-gone" | "sign-out"): void {
  const { endpointId, logger } = options;
  const { token } = keeper;
  if (token === undefined) return;
  const word = intent === "sign-out" ? DetachRequest_Intent.SIGN_OUT : DetachRequest_Intent.PAGE_GONE;
  const notice = { endpointId, intent: word, life };
  if (options.detach) {
    options.detach({ token, ...notice });
    return;
  }
  const gone = client.detach(notice, { headers: headersOf(token), signal: AbortSignal.timeout(lastWordsMs) });
  gone.catch((error: unknown) => logger?.debug("detach failed", { cause: String(error) }));
}
