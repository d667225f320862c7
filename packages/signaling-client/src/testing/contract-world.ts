import { create } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { SignalingInput } from "@peerline/call-machine";
import { NoticeSchema } from "@peerline/protocol";
import type { ObservedSignal, SignalingSessionOptions } from "../options.ts";
import { createSignalingSession, type SignalingSession } from "../session.ts";
import type { LoopbackService } from "./loopback-service.ts";
import { type SignalLog, signalLog } from "./signal-log.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

/** A session over some transport against a loopback service, on a clock that the test moves. */
export interface ContractWorld {
  readonly service: LoopbackService;
  readonly clock: VirtualClock;
  readonly session: SignalingSession;
  readonly inputs: SignalLog<SignalingInput>;
  readonly observed: SignalLog<ObservedSignal>;
  /** What `getToken` was asked, in order; the n-th token is `token-n`. */
  readonly questions: SignalLog<"first" | "expired">;
  /** Starts the session and waits until it is live. */
  live(): Promise<void>;
  /** From now on the clock jumps over every wait that the session announces. */
  skipWaits(): void;
  /** Emits notices with these texts. */
  emit(...texts: readonly string[]): void;
  /** The texts of the notices delivered so far. */
  texts(): readonly string[];
}

/** The one endpoint of every world. */
export const worldEndpointId: Uint8Array = new Uint8Array(16).fill(7);

export function createContractWorld(
  service: LoopbackService,
  transport: Transport,
  overrides: Partial<SignalingSessionOptions> = {},
): ContractWorld {
  const clock = virtualClock();
  const inputs = signalLog<SignalingInput>();
  const observed = signalLog<ObservedSignal>();
  const questions = signalLog<"first" | "expired">();
  let skipping = false;
  const session = createSignalingSession({
    transport,
    endpointId: worldEndpointId,
    async getToken(previous) {
      questions.push(previous);
      return { token: `token-${questions.all.length}` };
    },
    client: { product: "contract" },
    clock,
    random: () => 0.5,
    observe: (signal) => observed.push(signal),
    ...overrides,
  });
  const receive = (input: SignalingInput): void => {
    inputs.push(input);
    if (!skipping || input.type !== "interrupted" || input.retryInMs === Number.POSITIVE_INFINITY) return;
    queueMicrotask(() => clock.advanceBy(input.retryInMs));
  };

  return {
    service,
    clock,
    session,
    inputs,
    observed,
    questions,
    async live() {
      session.start(receive);
      await inputs.first((input) => input.type === "caughtUp");
    },
    skipWaits() {
      skipping = true;
    },
    emit(...texts) {
      for (const text of texts) service.emit({ case: "notice", value: create(NoticeSchema, { text }) });
    },
    texts: () => inputs.all.flatMap((input) => textOf(input)),
  };
}

function textOf(input: SignalingInput): readonly string[] {
  return input.type === "event" && input.event.body.case === "notice" ? [input.event.body.value.text] : [];
}
