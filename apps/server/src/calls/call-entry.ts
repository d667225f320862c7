import { fromBinary, toBinary } from "@bufbuild/protobuf";
import type { CallRecord } from "@peerline/call-machine/record";
import {
  type Accept,
  AcceptSchema,
  type Invite,
  InviteSchema,
  MediaStateSchema,
  type RelayPolicy,
} from "@peerline/protocol";
import type { PartySignals } from "./party-signals.ts";

/** A call as the store keeps it: the record that decides, and beside it what only travels. Encoded messages are bytes. */
export interface CallEntry {
  readonly record: CallRecord;
  /** Of the callee's account, for the caller's screen. */
  readonly calleeName: string;
  readonly invite: Uint8Array;
  readonly accept: Uint8Array | undefined;
  /** Latest signals by party id. */
  readonly signals: Readonly<Record<string, PartySignals>>;
  /** Keys of the endpoints that take several calls at once. Default: none. */
  readonly manyCalls?: readonly string[];
  /** Keys of the parties of an accepted call that say nothing any more. Default: none. */
  readonly unreachable?: readonly string[];
  /** The mailbox epoch in which an endpoint placed, accepted or reattached the call: one page load has one. By key. */
  readonly lives?: Readonly<Record<string, string>>;
  /** The call that gave way to this one, by the key of the endpoint that was talking in it. Default: none. */
  readonly replaces?: Readonly<Record<string, string>>;
  /** Which candidates the callee may reveal to this caller. Default: all. */
  readonly relayPolicy?: RelayPolicy;
}

export function inviteOf(entry: CallEntry): Invite {
  return fromBinary(InviteSchema, entry.invite);
}

/** A caller that lists this wants the program of an account, though a person is there too. PROTOCOL 2.7 row 35. */
export const toProgram = "to-program/1";

export function asksForProgram(invite: Invite): boolean {
  return invite.capabilities.includes(toProgram);
}

export function acceptOf(entry: CallEntry): Accept | undefined {
  return entry.accept && fromBinary(AcceptSchema, entry.accept);
}

export function encodeInvite(invite: Invite): Uint8Array {
  return toBinary(InviteSchema, invite);
}

export function encodeAccept(accept: Accept): Uint8Array {
  return toBinary(AcceptSchema, accept);
}

/** The party id of an endpoint in this call; empty for one that is no party of it. */
export function partyOf(record: CallRecord, endpointKey: string): string {
  if (record.caller.key === endpointKey) return record.caller.party;
  const callees = [...record.offered, ...(record.left ?? [])];
  return callees.find((endpoint) => endpoint.key === endpointKey)?.party ?? "";
}

/** Whose signals this endpoint wants: the caller's, or for the caller the endpoint's that accepted. */
export function peerPartyOf(record: CallRecord, endpointKey: string): string {
  return record.caller.key === endpointKey ? (record.accepted?.party ?? "") : record.caller.party;
}

/** Whether an endpoint has put this call on hold. */
export function isHolding({ record, signals }: CallEntry, endpointKey: string): boolean {
  const media = signals[partyOf(record, endpointKey)]?.media;
  return media !== undefined && fromBinary(MediaStateSchema, media).onHold;
}

/** The endpoints that a live call still concerns. */
export function livePartyKeys(record: CallRecord): readonly string[] {
  if (record.phase === "ended") return [];
  const callees = record.accepted ? [record.accepted] : record.offered;
  return [record.caller.key, ...callees.map((endpoint) => endpoint.key)];
}
