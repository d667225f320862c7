import type { CommandAction, SignalingPort } from "@peerline/call-machine";
import { DetachRequest_Intent } from "@peerline/protocol";
import { createRuntime } from "./create-runtime.ts";
import type { SignalingSessionOptions } from "./options.ts";
import { enqueue } from "./outbox.ts";
import { deliver, headersOf, type Runtime } from "./runtime.ts";
import { pump } from "./sender.ts";
import { withCalls } from "./sending.ts";
import { SignalingError } from "./signaling-error.ts";

const endpointIdBytes = 16;

/**
 * One resumable signaling session over any Connect transport: it connects, resumes and reconnects by itself,
 * delivers each event once and in order, and executes each command once. PROTOCOL 1.2, 1.3, 1.4. Nothing happens
 * before `start`; nothing is delivered after `stop`. Throws `SignalingError` `invalid-options` for an endpoint id
 * that is not 16 bytes.
 */
export function createSignalingSession(options: SignalingSessionOptions): SignalingPort {
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
        runtime.sender.sending = withCalls(runtime.sender.sending, calls, options.clock.now());
        runtime.dispatch({ type: "paced", pace: calls.length > 0 ? "busy" : "idle" });
      });
    },
    wake() {
      runtime.post(() => runtime.dispatch({ type: "wake" }));
    },
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
  runtime.dispatch({ type: "stop" });
  if (!wasRunning) return;
  runtime.options.logger?.info("signaling stopped by this side", { intent });
  detach(runtime, intent);
}

/** A pause after a failure is cut short. */
function flush({ sender, link }: Runtime): void {
  sender.sending = { ...sender.sending, retryAt: 0 };
  pump(sender, link.current !== undefined);
}

function detach({ options, keeper, client }: Runtime, intent: "page-gone" | "sign-out"): void {
  const { endpointId, logger } = options;
  const { token } = keeper;
  if (token === undefined) return;
  const word = intent === "sign-out" ? DetachRequest_Intent.SIGN_OUT : DetachRequest_Intent.PAGE_GONE;
  if (options.detach) {
    options.detach({ token, endpointId, intent: word });
    return;
  }
  const gone = client.detach({ endpointId, intent: word }, { headers: headersOf(token) });
  gone.catch((error: unknown) => logger?.debug("detach failed", { cause: String(error) }));
}
