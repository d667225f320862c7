import { create } from "@bufbuild/protobuf";
import {
  type Accept,
  type CommandResult,
  CommandResultSchema,
  type Description,
  Description_Type,
  type End,
  ErrorCode,
  type Invite,
  type Reattach,
} from "@peerline/protocol";
import type { Clock, CommandAction } from "../ports.ts";
import { type CallRecord, type Decision, type Endpoint, relayTargets } from "../record/index.ts";
import { toHex } from "../wire/ids.ts";
import { endReasonFromWire, mediaKindFromWire } from "../wire/words.ts";
import type { CallLedger, LedgerOptions } from "./call-ledger.ts";
import { type SignalsOf, stateOf } from "./call-state.ts";
import { claimOf, ticketOf } from "./ticket.ts";

/** What commands are executed against. */
export interface CallStore {
  readonly ledger: CallLedger;
  readonly clock: Clock;
  readonly ringMs: number;
  /** The endpoints of a user that take calls now. */
  readonly endpointsOf: (user: string) => readonly Endpoint[];
  readonly deliver: LedgerOptions["deliver"];
}

/** Executes one command of an endpoint; descriptions and candidates are passed on unread. PROTOCOL 1.5. */
export function executeCommand(store: CallStore, from: Endpoint, action: CommandAction): CommandResult {
  const { ledger, clock } = store;
  switch (action.case) {
    case "invite":
      return invite(store, from, action.value);
    case "alerting": {
      const input = { type: "alerting", at: clock.now(), from: from.key } as const;
      return resultOf(store, ledger.settle(toHex(action.value.callId), input), from.key);
    }
    case "accept":
      return accept(store, from, action.value);
    case "end":
      return end(store, from, action.value);
    case "reattach":
      return reattach(store, from, action.value);
    case "description":
    case "candidates":
    case "mediaState":
      return relay(store, from, action);
    default:
      return refusedWith(ErrorCode.UNIMPLEMENTED);
  }
}

function invite(store: CallStore, from: Endpoint, command: Invite): CommandResult {
  const { ledger, clock } = store;
  const callId = toHex(command.callId);
  const others = ledger.all().map(({ record }) => record);
  const decision = ledger.apply(callId, {
    type: "invite",
    at: clock.now(),
    callId,
    kind: mediaKindFromWire(command.kind),
    caller: from,
    calleeUser: command.calleeUser,
    ringable: store.endpointsOf(command.calleeUser).filter(({ key }) => key !== from.key),
    ringMs: store.ringMs,
    calleeBusy: others.some((record) => isTalking(record, command.calleeUser)),
    crossing: others.find((record) => crosses(record, from.user, command.calleeUser)),
  });
  if (command.offer) ledger.remember(callId, from.key, asSignals(command.offer));
  ledger.tell(callId, decision.deliveries);
  return resultOf(store, decision, from.key);
}

function accept(store: CallStore, from: Endpoint, command: Accept): CommandResult {
  const { ledger, clock } = store;
  const callId = toHex(command.callId);
  const kind = mediaKindFromWire(command.kind);
  const decision = ledger.apply(callId, { type: "accept", at: clock.now(), from: from.key, kind });
  if (decision.applied && command.answer) ledger.remember(callId, from.key, asSignals(command.answer));
  ledger.tell(callId, decision.deliveries);
  return resultOf(store, decision, from.key);
}

function end(store: CallStore, from: Endpoint, command: End): CommandResult {
  const wish = endReasonFromWire(command.reason);
  const claim = claimOf(command.ticket);
  const told = { type: "end", at: store.clock.now(), from: from.key, wish } as const;
  const input = claim ? { ...told, claim } : told;
  return resultOf(store, store.ledger.settle(toHex(command.callId), input), from.key);
}

function reattach(store: CallStore, from: Endpoint, { callId, ticket }: Reattach): CommandResult {
  const claim = claimOf(ticket);
  if (!claim) return refusedWith(ErrorCode.BAD_TICKET);
  const input = { type: "reattach", at: store.clock.now(), from: from.key, claim } as const;
  return resultOf(store, store.ledger.settle(toHex(callId), input), from.key);
}

type Relayed = Extract<CommandAction, { case: "description" | "candidates" | "mediaState" }>;

function relay(store: CallStore, from: Endpoint, action: Relayed): CommandResult {
  const { callId } = action.value;
  const call = store.ledger.get(toHex(callId));
  if (!call) return refusedWith(ErrorCode.NO_SUCH_CALL);
  const targets = relayTargets(call.record, from.key);
  if (targets.length === 0) return refusedWith(ErrorCode.NOT_A_PARTY);
  store.ledger.remember(toHex(callId), from.key, saidBy(action, call.signals[from.key]?.candidates ?? []));
  for (const { key } of targets) {
    store.deliver(key, { callId, callRev: BigInt(call.record.rev), body: action });
  }
  return create(CommandResultSchema, { applied: true });
}

function saidBy(action: Relayed, candidates: SignalsOf["candidates"]): Partial<SignalsOf> {
  if (action.case === "description") return asSignals(action.value);
  if (action.case === "candidates") return { candidates: [...candidates, action.value] };
  return { media: action.value };
}

function asSignals(description: Description): Partial<SignalsOf> {
  return description.type === Description_Type.OFFER ? { offer: description } : { answer: description };
}

/** What the sender is told: the call as it is now, in its own words. */
function resultOf({ ledger, clock }: CallStore, decision: Decision, key: string): CommandResult {
  const { instead, applied, refusal } = decision;
  const call = ledger.get((instead ?? decision.record)?.callId ?? "");
  if (!call) return refusedWith(ErrorCode.NO_SUCH_CALL);
  return create(CommandResultSchema, {
    applied,
    state: stateOf(call, key, clock.now(), refusal),
    ...(applied ? { ticket: ticketOf(call.record) } : {}),
  });
}

function isTalking(record: CallRecord, user: string): boolean {
  return record.phase === "active" && (record.caller.user === user || record.calleeUser === user);
}

function crosses(record: CallRecord, from: string, to: string): boolean {
  return record.phase === "ringing" && record.caller.user === to && record.calleeUser === from;
}

function refusedWith(code: ErrorCode): CommandResult {
  return create(CommandResultSchema, { applied: false, error: { code } });
}
