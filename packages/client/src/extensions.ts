import { create } from "@bufbuild/protobuf";
import type { CallId } from "@peerline/call-machine";
import { fromHex, toHex } from "@peerline/call-machine/wire";
import { ErrorCode, type Relay, RelaySchema } from "@peerline/protocol";
import { check, checkGiven, checkUser, isBoolean, isCallId, isRecord, isText } from "./check.ts";
import { PeerlineError } from "./peerline-error.ts";

/** A message of a type of your own, as it arrived. PROTOCOL 1.8. */
export interface ExtensionMessage {
  /** 32 hex digits, made by the sender. */
  readonly id: string;
  readonly type: string;
  readonly value: Uint8Array;
  readonly fromUser: string;
  /** The call it came in; `undefined`: it was sent to the user. */
  readonly callId: CallId | undefined;
}

/** A message of a type of your own, to be sent. */
export interface OutgoingExtension {
  /** Under a domain that you hold, with a version: `acme.com/reaction.v1.Reaction`. */
  readonly type: string;
  /** At most 16 KiB. */
  readonly value: Uint8Array;
  /** A receiver that does not know the type says so: `onExtensionRefused`. Default false: it is ignored there. */
  readonly critical?: boolean;
  /** To the other party of this call, or to every endpoint of this user. */
  readonly to: { readonly callId: CallId } | { readonly user: string };
}

export interface ExtensionsOptions {
  readonly newId: () => string;
  readonly send: (relay: Relay) => void;
  readonly handlers: Readonly<Record<string, (message: ExtensionMessage) => void>>;
  readonly onRefused?: ((messageId: string) => void) | undefined;
}

export interface Extensions {
  /**
   * Returns the message's id. Throws a `PeerlineError` for one that the server would not relay: `invalid-extension` for its type
   * and length, `invalid-option` for the rest.
   */
  send(message: OutgoingExtension): string;
  /** Hands a relayed message to its handler, or answers what is critical and unknown. */
  receive(relay: Relay): void;
}

const maxValueBytes = 16 * 1_024;
const maxTypeBytes = 256;
const typePattern = /^[a-z0-9-]+(\.[a-z0-9-]+)+\/[A-Za-z0-9._-]+$/;

/** Message types of an application's own, over `Relay`. PROTOCOL 1.8, row 97. */
export function createExtensions({ newId, send, handlers, onRefused }: ExtensionsOptions): Extensions {
  return {
    send(message) {
      checkExtension(message);
      const id = newId();
      send(toRelay(id, message));
      return id;
    },
    receive(relay) {
      if (relay.failed !== ErrorCode.UNSPECIFIED) {
        onRefused?.(toHex(relay.inReplyTo));
        return;
      }
      const handler = Object.hasOwn(handlers, relay.extension?.type ?? "")
        ? handlers[relay.extension?.type ?? ""]
        : undefined;
      if (handler) handler(toMessage(relay));
      else if (relay.extension?.critical) send(refusalOf(relay, newId()));
    },
  };
}

function toRelay(id: string, { type, value, critical = false, to }: OutgoingExtension): Relay {
  const address = "callId" in to ? { callId: fromHex(to.callId) } : { toUser: to.user };
  const extension = { type, value: new Uint8Array(value), critical };
  return create(RelaySchema, { messageId: fromHex(id), extension, ...address });
}

function toMessage({ messageId, extension, fromUser, callId }: Relay): ExtensionMessage {
  return {
    id: toHex(messageId),
    type: extension?.type ?? "",
    value: extension?.value ?? new Uint8Array(),
    fromUser,
    callId: callId.length > 0 ? toHex(callId) : undefined,
  };
}

function refusalOf({ callId, messageId, fromUser }: Relay, id: string): Relay {
  const address = callId.length > 0 ? { callId: new Uint8Array(callId) } : { toUser: fromUser };
  return create(RelaySchema, {
    messageId: fromHex(id),
    inReplyTo: new Uint8Array(messageId),
    failed: ErrorCode.UNSUPPORTED_EXTENSION,
    ...address,
  });
}

function checkExtension(message: OutgoingExtension): void {
  check(isRecord(message), "the message", message, "give { type, value, to }");
  const { type, value, critical, to } = message;
  if (!isText(type, maxTypeBytes) || !typePattern.test(type)) {
    throw new PeerlineError(
      "invalid-extension",
      `type is "${String(type).slice(0, 64)}": name it under a domain that you hold, such as acme.com/reaction.v1.Reaction`,
    );
  }
  check(value instanceof Uint8Array, "value", value, "give a Uint8Array");
  checkGiven(critical, isBoolean, "critical", "give true or false");
  check(isRecord(to), "to", to, "give { callId } or { user }");
  if ("callId" in to)
    check(isCallId(to.callId), "to.callId", to.callId, "give one that dial or the view gave");
  else checkUser("to.user", to.user);
  if (value.byteLength > maxValueBytes) {
    throw new PeerlineError(
      "invalid-extension",
      `value has ${value.byteLength} bytes: send at most ${maxValueBytes}, or larger things over the data channel`,
    );
  }
}
