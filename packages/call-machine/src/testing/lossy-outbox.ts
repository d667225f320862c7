import { create } from "@bufbuild/protobuf";
import { type Command, type CommandResult, CommandSchema } from "@peerline/protocol";
import type { Clock, CommandAction, SignalingInput } from "../ports.ts";
import type { ExchangeEndpoint } from "./exchange.ts";
import type { Network } from "./lossy-network.ts";

const retryMs = 400;
const maxBatch = 32;

/** Stop and wait: one batch is under way, repeated under the same numbers until its results are here. PROTOCOL 1.3. */
export function createOutbox(
  endpoint: ExchangeEndpoint,
  clock: Clock,
  network: Network,
  deliver: (input: SignalingInput) => void,
  sessionLost: () => void,
) {
  let queue: readonly CommandAction[] = [];
  let batch: readonly Command[] = [];
  let epoch: string | undefined;
  let nextSeq = 1;
  let stopRetry = () => {};

  function pump(): void {
    if (!network.isUp() || epoch === undefined) return;
    if (batch.length === 0) {
      batch = queue
        .slice(0, maxBatch)
        .map((action, i) => create(CommandSchema, { clientSeq: BigInt(nextSeq + i), action }));
      queue = queue.slice(batch.length);
      nextSeq += batch.length;
    }
    if (batch.length > 0) attempt(epoch, batch);
  }

  function attempt(inEpoch: string, commands: readonly Command[]): void {
    stopRetry();
    stopRetry = clock.setTimer(clock.now() + retryMs, pump);
    network.carry(() => {
      const results = endpoint.send(inEpoch, commands);
      network.carry(() => (results ? settle(commands, results) : lost(inEpoch)));
    });
  }

  function settle(commands: readonly Command[], results: readonly CommandResult[]): void {
    if (commands !== batch) return;
    stopRetry();
    batch = [];
    commands.forEach(({ action }, i) => {
      const result = results[i];
      if (result && action.case !== undefined) deliver({ type: "result", action, result });
    });
    pump();
  }

  function lost(inEpoch: string): void {
    if (inEpoch !== epoch) return;
    epoch = undefined;
    stopRetry();
    sessionLost();
  }

  return {
    add(action: CommandAction): void {
      queue = [...queue, action];
      if (batch.length === 0) pump();
    },
    /** The same epoch repeats what has no result; in another one only what is idempotent is issued again. D4. */
    opened(next: string, lastSeq: number): void {
      if (next !== epoch) {
        queue = [...batch.map(({ action }) => action).filter(isRepeatable), ...queue];
        batch = [];
        nextSeq = lastSeq + 1;
        epoch = next;
      }
      pump();
    },
    closed: () => stopRetry(),
  };
}

function isRepeatable(action: Command["action"]): action is CommandAction {
  return ["invite", "alerting", "accept", "end"].includes(action.case ?? "");
}
