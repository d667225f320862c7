import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { textOf, wallTime } from "@peerline/call-machine";
import { anyCarriage } from "./carriage.ts";
import { noCursor } from "./cursor.ts";
import { createTaskQueue } from "./delivery.ts";
import { guardOptions } from "./guard-options.ts";
import { linkDeadline } from "./link.ts";
import { dispatch } from "./link-effects.ts";
import { idleLink } from "./link-state.ts";
import { createObserver } from "./observe.ts";
import type { SignalingSessionOptions } from "./options.ts";
import { deliver, headersOf, type Runtime } from "./runtime.ts";
import { createSender, pump, type Sender, senderDeadline } from "./sender.ts";
import { idleSending } from "./sending.ts";
import { serviceClient } from "./service-client.ts";
import { SignalingError } from "./signaling-error.ts";
import { defaultTiming } from "./timing.ts";
import { createTokenKeeper, type TokenKeeper } from "./token-keeper.ts";
import { onSendError, onToken, onTokenError } from "./tokens.ts";

const lifeIdBytes = 8;

/** The parts of a session put together; nothing runs yet. */
export function createRuntime(given: SignalingSessionOptions): Runtime {
  const options = guardOptions(given);
  const { clock, logger, observe } = options;
  const queue = createTaskQueue((error) =>
    logger?.warn("a receiver of signaling threw", { error: textOf(error) }),
  );
  const ending = new AbortController();
  const runtime: Runtime = {
    ended: ending.signal,
    end: () => ending.abort(),
    options,
    client: serviceClient(options.transport),
    queue,
    observer: createObserver(observe, () => clock.now()),
    life: {
      id: crypto.getRandomValues(new Uint8Array(lifeIdBytes)),
      started: timestampFromMs(Math.round(wallTime(clock))),
      requestNumber: 0,
    },
    streams: new Map(),
    link: { ...idleLink, carriage: { ...anyCarriage, only: options.carrier } },
    cursor: noCursor,
    timing: { ...defaultTiming, ...options.timing },
    receive: () => undefined,
    cancelTimer: () => undefined,
    aheadMs: wallTime(clock) - clock.now(),
    dispatch: (input) => dispatch(runtime, input),
    post: (task) =>
      queue.post(() => {
        task();
        keepGoing(runtime);
      }),
    keeper: keeperOf(options, () => runtime),
    sender: senderOf(options, () => runtime),
  };
  return runtime;
}

function keeperOf(options: SignalingSessionOptions, runtime: () => Runtime): TokenKeeper {
  return createTokenKeeper({
    getToken: options.getToken,
    now: () => options.clock.now(),
    random: options.random,
    tokenMs: options.timing?.tokenMs ?? defaultTiming.tokenMs,
    onToken: () => runtime().post(() => onToken(runtime())),
    onError: (error) => runtime().post(() => onTokenError(runtime(), error)),
  });
}

function senderOf(
  { endpointId, clock, random, observe }: SignalingSessionOptions,
  runtime: () => Runtime,
): Sender {
  const context = () => ({
    now: clock.now(),
    random: random(),
    cursor: runtime().cursor.offset,
    timing: runtime().timing,
  });
  return createSender(
    {
      endpointId,
      context,
      call: async (request, signal) => {
        const { client, keeper } = runtime();
        const { token } = keeper;
        try {
          return await client.send(request, { signal, headers: headersOf(token) });
        } catch (reason) {
          const error = SignalingError.from(reason);
          if (error.code === "unauthenticated") keeper.refuse(token);
          throw error;
        }
      },
      post: (task) => runtime().post(task),
      onOutcome: (outcome) => deliver(runtime(), { type: "result", ...outcome }),
      onSessionError: (error) => onSendError(runtime(), error),
      observer: createObserver(observe, () => clock.now()),
    },
    idleSending,
  );
}

/** After each task: whatever is due goes out, and the clock is asked to come back for the rest. */
function keepGoing(runtime: Runtime): void {
  const live = runtime.link.status === "running" && runtime.link.current !== undefined;
  pump(runtime.sender, live);
  if (runtime.link.status === "running" && runtime.link.current) {
    runtime.streams.get(runtime.link.current.stream)?.nudge();
  }
  runtime.cancelTimer();
  runtime.cancelTimer = () => undefined;
  if (runtime.link.status !== "running") return;
  const at = Math.min(
    linkDeadline(runtime.link, runtime.timing),
    senderDeadline(runtime.sender, live),
    runtime.keeper.deadline(),
  );
  if (at === Number.POSITIVE_INFINITY) return;
  runtime.cancelTimer = runtime.options.clock.setTimer(at, () => runtime.post(() => onTimer(runtime)));
}

/** Further ahead of the other clock than at the last look: the platform slept, or was set forward. In ms. */
const sleptMs = 15_000;

function onTimer(runtime: Runtime): void {
  const { clock } = runtime.options;
  const aheadMs = wallTime(clock) - clock.now();
  if (aheadMs - runtime.aheadMs >= sleptMs) runtime.dispatch({ type: "wake" });
  runtime.aheadMs = aheadMs;
  runtime.dispatch({ type: "tick" });
  if (runtime.link.status === "running") runtime.keeper.tick();
}
