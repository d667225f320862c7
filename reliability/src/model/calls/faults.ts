import type { CallRecord } from "@peerline/call-machine/record";
import type { Interner } from "../core/interner.ts";
import type { ClientState, ModelCall } from "./client.ts";
import { type Actor, keyOf } from "./names.ts";

/** What the invariants ask of one endpoint's part in a call. */
interface Part {
  readonly stage: "outgoing" | "ringing" | "accepting" | "established";
  /** The peer's description that was applied last. */
  readonly remote: string | undefined;
  readonly generation: number;
  readonly isStable: boolean;
  readonly hasDeadline: boolean;
  readonly isCaller: boolean;
}

type Parts = ReadonlyMap<string, Part>;

export interface Facts {
  readonly actors: readonly Actor[];
  parts(client: number): Parts;
  client(client: number): ClientState;
  records(server: number): readonly CallRecord[];
}

export interface Situation {
  readonly server: number;
  readonly clients: readonly number[];
  readonly dead: readonly boolean[];
  readonly wasWiped: boolean;
  /** Somebody, or a deadline, meant a call to end. */
  readonly wasWillful: boolean;
  /** A call that nobody meant to end must live, even after a wipe. */
  readonly outlivesWipes: boolean;
}

export function createFacts(
  actors: readonly Actor[],
  clients: Interner<ClientState>,
  records: Facts["records"],
): Facts {
  const parts: Parts[] = [];
  return {
    actors,
    client: clients.get,
    parts(id) {
      parts[id] ??= new Map(clients.get(id).calls.map((call) => [call.callId, partOf(call)]));
      return parts[id];
    },
    records,
  };
}

function partOf({ snapshot, peer, timers }: ModelCall): Part {
  return {
    stage: stageOf(snapshot),
    remote: peer?.remote,
    generation: peer?.generation ?? 0,
    isStable: peer?.negotiation.phase.name === "stable",
    hasDeadline: timers.length > 0,
    isCaller: snapshot.context.role === "caller",
  };
}

function stageOf(snapshot: ModelCall["snapshot"]): Part["stage"] {
  if (snapshot.matches("outgoing")) return "outgoing";
  if (snapshot.matches("established")) return "established";
  return snapshot.matches({ incoming: "accepting" }) ? "accepting" : "ringing";
}

/** The invariants of PROTOCOL 3 that are about calls, in this state. */
export function callFaults(facts: Facts, situation: Situation, atRest: boolean): readonly string[] {
  const faults: string[] = [];
  const { clients, wasWiped, dead } = situation;
  const records = facts.records(situation.server);
  for (const callId of callIdsOf(facts, situation)) {
    const record = records.find((known) => known.callId === callId);
    const parts = clients.map((id, actor) => (dead[actor] ? undefined : facts.parts(id).get(callId)));
    if (!wasWiped || atRest) faults.push(...winnerFaults(facts.actors, parts, record));
    if (atRest) faults.push(...restFaults(facts, situation, parts, record));
  }
  for (const id of clients) faults.push(...endpointFaults(facts, id, wasWiped));
  if (atRest) faults.push(...glareFaults(facts, situation), ...goodwillFaults(records, situation));
  return faults;
}

function callIdsOf(facts: Facts, { clients, server }: Situation): ReadonlySet<string> {
  const ids = new Set(facts.records(server).map(({ callId }) => callId));
  for (const id of clients) for (const callId of facts.parts(id).keys()) ids.add(callId);
  return ids;
}

/** Invariants 1 and 2. */
function winnerFaults(
  actors: readonly Actor[],
  parts: readonly (Part | undefined)[],
  record: CallRecord | undefined,
): readonly string[] {
  const faults: string[] = [];
  const talking = parts.filter((part) => part?.stage === "established" && !part.isCaller);
  if (talking.length > 1) faults.push("1: two endpoints of the callee talk");
  const caller = parts.find((part) => part?.isCaller);
  const accepted = actors.find((actor) => keyOf(actor) === record?.accepted?.key);
  if (caller?.stage !== "established" || caller.remote === undefined || !accepted) return faults;
  if (!caller.remote.endsWith(accepted.token)) {
    faults.push("2: the caller is connected to an endpoint that did not win");
  }
  return faults;
}

/** When nothing moves any more, everyone agrees with the record: 29, and 30, that nobody waits for a lease. */
function restFaults(
  { actors }: Facts,
  { dead }: Situation,
  parts: readonly (Part | undefined)[],
  record: CallRecord | undefined,
): readonly string[] {
  const rest = parts.flatMap((part, actor) => aloneFaults(actors[actor]?.label ?? "", part, record));
  if (record?.phase === "active") return [...rest, ...activeFaults({ actors, dead, parts, record })];
  const caller = parts[indexOf(actors, record?.caller.key)]?.stage;
  if (record?.phase !== "ringing" || caller === "outgoing") return rest;
  return [...rest, `30: it rings, and the caller is ${caller ?? "gone"}`];
}

function indexOf(actors: readonly Actor[], key: string | undefined): number {
  return actors.findIndex((actor) => keyOf(actor) === key);
}

/** Of one endpoint. */
function aloneFaults(
  label: string,
  part: Part | undefined,
  record: CallRecord | undefined,
): readonly string[] {
  if (!part) return [];
  const { stage, hasDeadline } = part;
  const faults: string[] = [];
  if (stage === "accepting") faults.push(`29: ${label} accepts for ever`);
  if (stage !== "established" && !hasDeadline) faults.push(`29: ${label} is ${stage} without a deadline`);
  if (!record) faults.push(`30: ${label} is ${stage} in a call that the server does not know`);
  if (record?.phase === "ended") faults.push(`30: ${label} is ${stage} in a call that the server ended`);
  return faults;
}

interface ActiveCall {
  readonly actors: readonly Actor[];
  readonly dead: readonly boolean[];
  readonly parts: readonly (Part | undefined)[];
  readonly record: CallRecord;
}

/** Of an accepted call: both parties are in it, nobody else is, and the caller has the answer. */
function activeFaults({ actors, dead, parts, record }: ActiveCall): readonly string[] {
  const caller = indexOf(actors, record.caller.key);
  const winner = indexOf(actors, record.accepted?.key);
  const faults: string[] = [];
  for (const [index, who] of [[caller, "the caller"] as const, [winner, "the winner"] as const]) {
    const stage = parts[index]?.stage;
    if (dead[index]) faults.push("30: a dead party keeps its call");
    else if (stage !== "established") {
      faults.push(`30: only a lease would end the call that ${who} is not in (${stage ?? "over"})`);
    }
  }
  faults.push(...connectionFaults(parts[caller], parts[winner]));
  const others = parts.some((part, index) => part && index !== caller && index !== winner);
  return others ? [...faults, "30: an endpoint that lost is still in the call"] : faults;
}

/** Of two who talk: one generation, stable on both sides, each with the other's description. */
function connectionFaults(caller: Part | undefined, winner: Part | undefined): readonly string[] {
  if (caller?.stage !== "established" || winner?.stage !== "established") return [];
  const faults: string[] = [];
  if (caller.generation !== winner.generation)
    faults.push("21: the parties have connections of two generations");
  for (const [who, { remote, isStable }] of [["caller", caller] as const, ["winner", winner] as const]) {
    if (!isStable) faults.push(`21: the ${who}'s negotiation is not at rest`);
    if (remote === undefined)
      faults.push(`31: the ${who} of an accepted call has no description of the other`);
  }
  return faults;
}

/** 6: one ring per endpoint and call; 12: one accepted call per endpoint. */
function endpointFaults(facts: Facts, id: number, wasWiped: boolean): readonly string[] {
  const faults: string[] = [];
  const { rings } = facts.client(id);
  if (!wasWiped && Object.values(rings).some((count) => count > 1)) faults.push("6: a call rang twice");
  const talking = [...facts.parts(id).values()].filter(({ stage }) => stage === "established");
  if (talking.length > 1) faults.push("12: an endpoint talks in two calls");
  return faults;
}

/** 31: nobody meant to end it, and no deadline did. */
function goodwillFaults(records: readonly CallRecord[], situation: Situation): readonly string[] {
  const { wasWillful, wasWiped, outlivesWipes } = situation;
  if (wasWiped && !outlivesWipes) return [];
  const isOver = records.length > 0 && records.every(({ phase }) => phase === "ended");
  return isOver && !wasWillful ? ["31: a call ended that nobody meant to end"] : [];
}

/** 33: two who call each other, and stay, are in one call. */
function glareFaults(facts: Facts, { clients, server, wasWillful }: Situation): readonly string[] {
  const dialers = facts.actors.flatMap(({ dials }, actor) => (dials ? [clients[actor] ?? 0] : []));
  const crossed = dialers.length > 1 && dialers.every((id) => facts.client(id).hasDialed);
  if (!crossed || wasWillful) return [];
  const active = facts.records(server).filter(({ phase }) => phase === "active");
  const talking = dialers.filter((id) =>
    [...facts.parts(id).values()].some(({ stage }) => stage === "established"),
  );
  return active.length === 1 && talking.length === dialers.length
    ? []
    : ["33: two who called each other are not in one call"];
}
