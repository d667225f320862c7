import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import type { CallRecord, Delivery, EndedByRole } from "@peerline/call-machine/record";
import { endReasonToWire, fromHex, mediaKindToWire } from "@peerline/call-machine/wire";
import {
  AcceptedSchema,
  DescriptionSchema,
  EndedSchema,
  type Event,
  EventSchema,
  IncomingSchema,
  RelayPolicy,
  RemoteAlertingSchema,
  Role,
} from "@peerline/protocol";
import { acceptOf, type CallEntry, inviteOf } from "./call-entry.ts";
import { callState, partyMessage } from "./call-state.ts";
import type { Tickets } from "./tickets.ts";

export type EventBody = Exclude<
  NonNullable<MessageInitShape<typeof EventSchema>["body"]>,
  { case?: undefined }
>;

const roles: Record<EndedByRole, Role> = { caller: Role.CALLER, callee: Role.CALLEE, server: Role.SERVER };

/** A mailbox entry without its offset, which the mailbox gives. `record` names the call it is about. */
export function encodeEvent(body: EventBody, at: number, record?: CallRecord): Uint8Array {
  const event = create(EventSchema, { at: timestampFromMs(at), body });
  if (record) {
    event.callId = fromHex(record.callId);
    event.callRev = BigInt(record.rev);
  }
  return toBinary(EventSchema, event);
}

/** The event of a stored mailbox entry, with its offset. */
export function decodeEvent(bytes: Uint8Array, offset: number): Event {
  const event = fromBinary(EventSchema, bytes);
  event.offset = BigInt(offset);
  return event;
}

/** What the record decided, with what travels along: descriptions, names, features. PROTOCOL 1.5. */
export function deliveryBody(
  entry: CallEntry,
  delivery: Delivery,
  { now, tickets }: { readonly now: number; readonly tickets: Tickets },
): EventBody {
  const { event } = delivery;
  switch (event.type) {
    case "incoming":
      return incoming(entry, delivery.to, now);
    case "remoteAlerting":
      return { case: "remoteAlerting", value: create(RemoteAlertingSchema, { endpoints: event.endpoints }) };
    case "accepted":
      return accepted(entry, event.mine, tickets.issue(entry, delivery.to));
    case "ended": {
      const ended = create(EndedSchema, {
        reason: endReasonToWire(event.reason),
        by: roles[event.by],
        deviceLabel: event.deviceLabel,
      });
      if (event.talkedMs !== undefined) ended.talked = durationFromMs(event.talkedMs);
      return { case: "ended", value: ended };
    }
  }
}

function incoming(entry: CallEntry, to: string, now: number): EventBody {
  const invite = inviteOf(entry);
  const call = callState(entry, { key: to, now, signals: true });
  call.descriptions = [];
  const message = create(IncomingSchema, {
    call,
    capabilities: invite.capabilities,
    metadata: invite.metadata,
    relayPolicy: entry.relayPolicy ?? RelayPolicy.ALL,
    extensionsList: invite.extensionsList,
  });
  const offer = entry.signals[entry.record.caller.party]?.offer;
  if (offer) message.offer = fromBinary(DescriptionSchema, offer);
  if (invite.binding) message.binding = invite.binding;
  return { case: "incoming", value: message };
}

function accepted(entry: CallEntry, mine: boolean, ticket: Uint8Array | undefined): EventBody {
  const { record } = entry;
  const message = create(AcceptedSchema, { mine, kind: mediaKindToWire(record.kind) });
  if (ticket) message.ticket = ticket;
  if (mine) {
    message.remote = partyMessage(record.caller);
    return { case: "accepted", value: message };
  }
  const accept = acceptOf(entry);
  if (record.accepted) message.remote = partyMessage(record.accepted);
  if (accept) {
    message.capabilities = accept.capabilities;
    message.extensionsList = accept.extensionsList;
    if (accept.answer) message.answer = accept.answer;
    if (accept.binding) message.binding = accept.binding;
  }
  return { case: "accepted", value: message };
}
