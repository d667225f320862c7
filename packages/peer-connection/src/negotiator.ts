import type { Clock, DescriptionSignal, Logger, PeerEvent } from "@peerline/call-machine";
import { fingerprints } from "./description.ts";
import type { LocalCandidates } from "./local-candidates.ts";
import {
  type NegotiationCommand,
  type NegotiationInput,
  type NegotiationTimer,
  negotiate,
  startNegotiation,
} from "./negotiation.ts";
import { createOperations, type OperationCommand, type OperationParts, operationMs } from "./operations.ts";
import type { SerialQueue } from "./serial-queue.ts";

/** What the negotiator works with. */
export interface NegotiatorParts extends OperationParts {
  readonly queue: SerialQueue;
  readonly local: LocalCandidates;
  readonly clock: Clock;
  readonly logger: Logger | undefined;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly emit: (event: PeerEvent) => void;
}

/** Tells the negotiation what the machine or the platform wants. */
export type Negotiator = (
  input: Extract<NegotiationInput, { type: "change" | "restart" | "received" | "resend" | "close" }>,
) => void;

/** See `PeerOptions`. */
export interface NegotiatorOptions {
  readonly polite: boolean;
  readonly offer: boolean;
  readonly generation: number;
  readonly remoteFingerprints?: readonly string[] | undefined;
  /** Given: own fingerprints stay the same for the call, and are told with each description. */
  readonly certificates?: readonly RTCCertificate[] | undefined;
}

/** Carries out what `negotiation.ts` decides. Begins at once; see `startNegotiation` for the options. */
export function createNegotiator(parts: NegotiatorParts, options: NegotiatorOptions): Negotiator {
  const { queue, local, logger, random, emit } = parts;
  const operate = createOperations(parts, options.remoteFingerprints);
  const timers = createTimers(parts.clock, (id) => dispatch({ type: "timer", id }));
  const inOrder = createLoop(carryOut);
  let [state, first] = startNegotiation(options);
  if (options.offer) parts.lines.offer();
  inOrder(first);
  return dispatch;

  function dispatch(input: NegotiationInput) {
    const [next, commands] = negotiate(state, input);
    state = next;
    inOrder(commands);
  }

  function carryOut(command: NegotiationCommand) {
    if ("op" in command) return queue.add(() => run(command), 2 * operationMs);
    if (command.type === "send") return emit(described(command.description));
    if (command.type === "stuck") return emit({ type: "peer.stuck" });
    if (command.type === "broken") return emit({ type: "peer.broken", reason: command.reason });
    if (command.type === "stopTimer") return timers.stop(command.id);
    timers.start(command.id, command.minMs + random() * (command.maxMs - command.minMs));
  }

  function described(description: DescriptionSignal): PeerEvent {
    const bindsItself = options.certificates !== undefined && description.type !== "reject";
    const own = bindsItself ? { fingerprints: fingerprints(description.sdp) } : {};
    return { type: "peer.described", description, ...own };
  }

  async function run(command: OperationCommand) {
    local.pause();
    const outcome = await operate(command);
    if (outcome.type === "impostor") {
      dispatch({ type: "close" });
      emit({ type: "peer.broken", reason: "security" });
    } else {
      if (outcome.type === "failed") {
        logger?.debug("negotiation step failed", { step: command.type, error: outcome.error.message });
      }
      dispatch({ ...outcome, op: command.op });
    }
    local.resume();
  }
}

/** Handles items in order, also those that the handling of another brings about. */
function createLoop<T>(handle: (item: T) => void): (items: readonly T[]) => void {
  const todo: T[] = [];
  let running = false;
  return (items) => {
    todo.push(...items);
    if (running) return;
    running = true;
    try {
      for (let item = todo.shift(); item !== undefined; item = todo.shift()) handle(item);
    } finally {
      running = false;
    }
  };
}

function createTimers(clock: Clock, passed: (id: NegotiationTimer) => void) {
  const running = new Map<NegotiationTimer, () => void>();
  const stop = (id: NegotiationTimer) => {
    running.get(id)?.();
    running.delete(id);
  };
  return {
    stop,
    start(id: NegotiationTimer, afterMs: number) {
      stop(id);
      running.set(
        id,
        clock.setTimer(clock.now() + afterMs, () => passed(id)),
      );
    },
  };
}
