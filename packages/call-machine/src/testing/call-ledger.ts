import type { Clock } from "../ports.ts";
import {
  type CallRecord,
  type Decision,
  type Delivery,
  decide,
  nextDeadline,
  type RecordInput,
} from "../record/index.ts";
import { type SignalsOf, type StoredCall, toEvent } from "./call-state.ts";

/** The records of an exchange: the real `decide` moves them, and their ring deadlines run on the clock. */
export interface CallLedger {
  get(callId: string): StoredCall | undefined;
  all(): readonly StoredCall[];
  /** Decides and keeps what came of it. Telling is a second step, so that payloads can be kept in between. */
  apply(callId: string, input: RecordInput): Decision;
  tell(callId: string, deliveries: readonly Delivery[]): void;
  /** Both steps. */
  settle(callId: string, input: RecordInput): Decision;
  /** Keeps what a party said. */
  remember(callId: string, key: string, said: Partial<SignalsOf>): void;
  forget(): void;
}

export interface LedgerOptions {
  readonly clock: Clock;
  readonly deliver: (key: string, event: ReturnType<typeof toEvent>) => void;
}

export function createCallLedger({ clock, deliver }: LedgerOptions): CallLedger {
  const calls = new Map<string, StoredCall>();
  const deadlines = new Map<string, () => void>();

  function apply(callId: string, input: RecordInput): Decision {
    const before = calls.get(callId);
    const decision = decide(before?.record, input);
    if (decision.record) {
      calls.set(callId, { signals: before?.signals ?? {}, record: decision.record });
      arm(decision.record);
    }
    return decision;
  }

  function arm(record: CallRecord): void {
    deadlines.get(record.callId)?.();
    deadlines.delete(record.callId);
    const due = nextDeadline(record);
    if (due === undefined) return;
    const expire = () => settle(record.callId, { type: "ringExpired", at: clock.now() });
    deadlines.set(record.callId, clock.setTimer(due, expire));
  }

  function tell(callId: string, deliveries: readonly Delivery[]): void {
    const call = calls.get(callId);
    if (!call) return;
    for (const { to, event } of deliveries) deliver(to, toEvent(call, to, event, clock.now()));
  }

  function settle(callId: string, input: RecordInput): Decision {
    const decision = apply(callId, input);
    tell(callId, decision.deliveries);
    return decision;
  }

  return {
    get: (callId) => calls.get(callId),
    all: () => [...calls.values()],
    apply,
    tell,
    settle,
    remember(callId, key, said) {
      const call = calls.get(callId);
      if (!call) return;
      const before = call.signals[key] ?? { candidates: [] };
      calls.set(callId, { ...call, signals: { ...call.signals, [key]: { ...before, ...said } } });
    },
    forget() {
      for (const stop of deadlines.values()) stop();
      deadlines.clear();
      calls.clear();
    },
  };
}
