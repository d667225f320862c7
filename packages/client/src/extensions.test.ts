import { create } from "@bufbuild/protobuf";
import { fromHex, toHex } from "@peerline/call-machine/wire";
import { ErrorCode, type Relay, RelaySchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { createExtensions, type ExtensionMessage } from "./extensions.ts";

const type = "acme.com/reaction.v1.Reaction";
const callId = "0a".repeat(16);
const theirs = "0b".repeat(16);
const mine = "0c".repeat(16);
const value = new Uint8Array([1, 2]);

function setUp() {
  const sent: Relay[] = [];
  const received: ExtensionMessage[] = [];
  const refused: string[] = [];
  const extensions = createExtensions({
    newId: () => mine,
    send: (relay) => sent.push(relay),
    handlers: { [type]: (message) => received.push(message) },
    onRefused: (id) => refused.push(id),
  });
  return { extensions, sent, received, refused };
}

const relayed = (changes: { type?: string; critical?: boolean; inCall?: boolean } = {}): Relay =>
  create(RelaySchema, {
    messageId: fromHex(theirs),
    fromUser: "ben",
    extension: { type: changes.type ?? type, value, critical: changes.critical ?? false },
    ...(changes.inCall === false ? {} : { callId: fromHex(callId) }),
  });

test("a message of a known type reaches its handler, and nothing is answered", () => {
  const { extensions, sent, received } = setUp();
  extensions.receive(relayed({ critical: true }));
  expect([received, sent]).toEqual([[{ id: theirs, type, value, fromUser: "ben", callId }], []]);
});

test("97: a critical one of an unknown type is refused to its sender, in the call it came in or to the user", () => {
  const { extensions, sent } = setUp();
  extensions.receive(relayed({ type: "acme.com/x.v1.Y", critical: true }));
  extensions.receive(relayed({ type: "acme.com/x.v1.Y", critical: true, inCall: false }));
  const refusal = {
    messageId: fromHex(mine),
    inReplyTo: fromHex(theirs),
    failed: ErrorCode.UNSUPPORTED_EXTENSION,
  };
  expect(sent).toEqual([
    create(RelaySchema, { ...refusal, callId: fromHex(callId) }),
    create(RelaySchema, { ...refusal, toUser: "ben" }),
  ]);
});

test("one of an unknown type that is not critical is ignored, also when it is named like a property of objects", () => {
  const { extensions, sent, received } = setUp();
  extensions.receive(relayed({ type: "acme.com/x.v1.Y" }));
  extensions.receive(relayed({ type: "constructor" }));
  expect([sent, received]).toEqual([[], []]);
});

test("a refusal names the message that was refused, and is never refused itself", () => {
  const { extensions, sent, refused } = setUp();
  const id = extensions.send({ type, value, critical: true, to: { callId } });
  expect(sent.map(({ messageId, extension }) => [toHex(messageId), extension?.critical])).toEqual([
    [id, true],
  ]);
  const failed = ErrorCode.UNSUPPORTED_EXTENSION;
  extensions.receive(create(RelaySchema, { messageId: fromHex(theirs), inReplyTo: fromHex(id), failed }));
  expect([refused, sent.length]).toEqual([[id], 1]);
});

test("what the server would not relay is refused here, with the way out", () => {
  const { extensions, sent } = setUp();
  const to = { user: "ben" };
  expect(() => extensions.send({ type: "Reaction", value, to })).toThrow("a domain that you hold");
  expect(() => extensions.send({ type, value: new Uint8Array(16_385), to })).toThrow("at most 16384");
  expect(sent).toEqual([]);
});
