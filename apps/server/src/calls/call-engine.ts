import { type CallRecord, decide, isAbandoned, type RecordInput } from "@peerline/call-machine/record";
import { fromHex } from "@peerline/call-machine/wire";
import { PartyStatus_Reachability } from "@peerline/protocol";
import { textOf } from "../outside.ts";
import type { Services } from "../services.ts";
import { callKey } from "../store/keys.ts";
import { livePartyKeys } from "./call-entry.ts";
import { encodeEvent } from "./call-event.ts";
import { createCallTimers } from "./call-timers.ts";
import { commitDecision, noteChange, writeEntry } from "./commit.ts";
import type { LeaseParty } from "./lease.ts";
import { createLeaseKeeper } from "./lease-keeper.ts";
import type { Effect, Scene } from "./scene.ts";

/** What happens to calls without a command: deadlines, leases, endpoints that come and go. */
export interface CallEngine {
  /** A call changed and is committed: arm what follows from it. */
  changed(before: CallRecord | undefined, after: CallRecord): void;
  /** Decides and commits an input for a call that may be gone by now. Resolves to the effects, already applied. */
  change(callId: string, input: RecordInput): Promise<void>;
  /** A proof of life of an endpoint. PROTOCOL D7. */
  heard(key: string, mediaAlive: ReadonlyMap<string, boolean>, all: boolean): void;
  /** Whether the endpoint is in a call that rings or is accepted. */
  isInCall(key: string): boolean;
  /** Whether the endpoint is a party of an accepted call. */
  isTalking(key: string): boolean;
  close(): void;
}

/** `apply` hands effects to everyone who follows calls, this engine's `changed` included. */
export function createCallEngine(
  services: Services,
  apply: (effects: readonly Effect[]) => void,
): CallEngine {
  const { clock, config, store } = services;
  const callsByEndpoint = new Map<string, Set<string>>();

  const change = async (callId: string, input: RecordInput) => {
    const effects = await store.transact(async (transaction) => {
      const scene: Scene = { transaction, now: clock.now(), services, effects: [] };
      await decideCall(scene, callId, input);
      return scene.effects;
    });
    apply(effects);
  };
  const inBackground = (work: Promise<void>) => {
    work.catch((reason: unknown) =>
      services.logger.warn("a timer of a call failed", { reason: textOf(reason) }),
    );
  };
  const timers = createCallTimers(services, {
    due: (callId, input) => inBackground(change(callId, input)),
    warn: (callId) => inBackground(warnOfEnd(services, callId)),
  });
  const leases = createLeaseKeeper(clock, config.timers, {
    status: (callId, party, reachable) =>
      inBackground(tellStatus(services, callId, party, reachable).then(apply)),
    lost: (callId, key) => inBackground(change(callId, { type: "endpointLost", at: clock.now(), key })),
  });

  return {
    change,
    changed(before, after) {
      followEndpoints(callsByEndpoint, before, after);
      timers.arm(after);
      if (after.phase === "active") leases.start(after);
      if (after.phase === "ended") leases.stop(after.callId);
    },
    heard: leases.heard,
    isInCall: (key) => callsByEndpoint.has(key),
    isTalking: leases.isKept,
    close() {
      timers.close();
      leases.close();
    },
  };
}

/** Decides and commits one input in a scene. Nothing happens to an unknown call. */
export async function decideCall(scene: Scene, callId: string, input: RecordInput): Promise<void> {
  const entry = await scene.transaction.get(callKey(callId));
  if (!entry) return;
  const written = await commitDecision(scene, entry, decide(entry.record, input));
  noteChange(scene, entry.record, written.record);
}

/** The other party hears of it; when neither is heard any more, or one of them again, presence does too. */
async function tellStatus(
  services: Services,
  callId: string,
  party: LeaseParty,
  reachable: boolean,
): Promise<readonly Effect[]> {
  return await services.store.transact(async (transaction) => {
    const entry = await transaction.get(callKey(callId));
    const record = entry?.record;
    if (record?.phase !== "active" || !record.accepted) return [];
    const other = record.caller.key === party.key ? record.accepted : record.caller;
    const others = (entry?.unreachable ?? []).filter((key) => key !== party.key);
    const unreachable = reachable ? others : [...others, party.key];
    if (entry) writeEntry({ transaction, services }, { ...entry, unreachable });
    const reachability = reachable ? PartyStatus_Reachability.ONLINE : PartyStatus_Reachability.UNREACHABLE;
    const value = { party: fromHex(party.party), reachability };
    transaction.append(other.key, encodeEvent({ case: "partyStatus", value }, services.clock.now(), record));
    return [{ type: "call", before: record, after: record, abandoned: isAbandoned(record, unreachable) }];
  });
}

/** Both parties hear of it some time before. PROTOCOL 2.7 row 102. */
async function warnOfEnd(services: Services, callId: string): Promise<void> {
  const { callWarningMs, maxCallMs } = services.config.timers;
  const text = `This call ends in ${callWarningMs / minuteMs} minutes: none lasts longer than ${maxCallMs / hourMs} hours.`;
  await services.store.transact(async (transaction) => {
    const record = (await transaction.get(callKey(callId)))?.record;
    if (record?.phase !== "active") return;
    const bytes = encodeEvent({ case: "notice", value: { text } }, services.clock.now(), record);
    for (const key of livePartyKeys(record)) transaction.append(key, bytes);
  });
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function followEndpoints(
  callsByEndpoint: Map<string, Set<string>>,
  before: CallRecord | undefined,
  after: CallRecord,
): void {
  const gone = before ? livePartyKeys(before) : [];
  const here = livePartyKeys(after);
  for (const key of gone.filter((known) => !here.includes(known))) {
    const calls = callsByEndpoint.get(key);
    calls?.delete(after.callId);
    if (calls?.size === 0) callsByEndpoint.delete(key);
  }
  for (const key of here) callsByEndpoint.set(key, (callsByEndpoint.get(key) ?? new Set()).add(after.callId));
}
