import { EndReason, ErrorCode } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closedPolicy } from "../policy.ts";
import { accept, end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;

async function start(options = {}) {
  harness = await startHarness(options);
  ada = await harness.open("ada");
  bob = await harness.open("bob");
}
beforeEach(() => start());
afterEach(() => harness.close());

const extension = { type: "acme.com/x.v1.Stroke", value: new Uint8Array([1, 2, 3]), critical: true };
const relay = (value: object): Action => ({
  case: "relay",
  value: { messageId: newCallId(), extension, ...value },
});

test("a message goes to every endpoint of a user, and the server says whom it is from", async () => {
  const tablet = await harness.open("bob");
  const result = await ada.run(relay({ toUser: "bob", fromUser: "eve", fromParty: newCallId() }));
  expect([result.applied, result.error]).toEqual([true, undefined]);
  for (const endpoint of [bob, tablet]) {
    const got = await endpoint.event("relay");
    expect(got).toMatchObject({ fromUser: "ada", toUser: "bob", extension, fromParty: new Uint8Array() });
  }
});

test("97: who does not know a critical extension tells its sender alone", async () => {
  const callId = newCallId();
  const [tablet, laptop] = [await harness.open("bob"), await harness.open("ada")];
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
  await ada.run(relay({ callId }));
  const { messageId, extension: got } = await bob.event("relay");
  expect(got?.critical).toBe(true);
  const answer = { callId, extension: undefined, inReplyTo: messageId };
  await bob.run(relay({ ...answer, failed: ErrorCode.UNSUPPORTED_EXTENSION }));
  expect(await ada.event("relay")).toMatchObject({
    failed: ErrorCode.UNSUPPORTED_EXTENSION,
    inReplyTo: messageId,
    fromUser: "bob",
  });
  expect([await heard(tablet), await heard(laptop)]).toEqual([["incoming", "ended"], []]);
  await ada.run(end(callId));
  expect((await bob.event("ended")).reason).toBe(EndReason.HANGUP);
});

test("97: outside of a call too, and not to the sender's other devices", async () => {
  const [tablet, laptop] = [await harness.open("bob"), await harness.open("ada")];
  await ada.run(relay({ toUser: "bob" }));
  for (const endpoint of [bob, tablet]) {
    const { messageId, fromUser } = await endpoint.event("relay");
    const answer = { extension: undefined, inReplyTo: messageId, failed: ErrorCode.UNSUPPORTED_EXTENSION };
    expect((await endpoint.run(relay({ ...answer, toUser: fromUser }))).applied).toBe(true);
    expect(await ada.event("relay")).toMatchObject({ inReplyTo: messageId, failed: answer.failed });
  }
  expect([await heard(ada), await heard(laptop), await heard(bob)]).toEqual([
    ["relay", "relay"],
    [],
    ["relay"],
  ]);
});

test("a failure of a message that nobody sent is told to nobody", async () => {
  const failed = { extension: undefined, inReplyTo: newCallId(), failed: ErrorCode.UNSUPPORTED_EXTENSION };
  const result = await bob.run(relay({ ...failed, toUser: "ada" }));
  expect([result.applied, result.error, await heard(ada)]).toEqual([false, undefined, []]);
});

test("a message in a call goes to the other party", async () => {
  const callId = newCallId();
  await ada.run(invite(callId, "bob"));
  await ada.run(relay({ callId }));
  const got = await bob.event("relay");
  expect([got.fromUser, got.fromParty.length, got.extension?.type]).toEqual(["ada", 16, extension.type]);
  await bob.run(
    relay({
      callId,
      inReplyTo: got.messageId,
      extension: undefined,
      failed: ErrorCode.UNSUPPORTED_EXTENSION,
    }),
  );
  expect((await ada.event("relay")).failed).toBe(ErrorCode.UNSUPPORTED_EXTENSION);
});

test("the same message arrives once, also across epochs", async () => {
  const message = relay({ toUser: "bob" });
  await ada.run(message);
  expect((await ada.run(message)).applied).toBe(false);
  await ada.reopen();
  expect((await ada.run(message)).applied).toBe(false);
  expect((await bob.sendRaw([])).topOffset).toBe(1n);
});

test.each([
  ["no address", relay({}), ErrorCode.MALFORMED],
  ["two addresses", relay({ toUser: "bob", callId: newCallId() }), ErrorCode.MALFORMED],
  ["nothing to say", relay({ toUser: "bob", extension: undefined }), ErrorCode.MALFORMED],
  [
    "a failure of nothing",
    relay({ toUser: "bob", failed: ErrorCode.UNSUPPORTED_EXTENSION }),
    ErrorCode.MALFORMED,
  ],
  ["nobody there", relay({ toUser: "nobody" }), ErrorCode.NOT_ALLOWED],
  ["an unknown call", relay({ callId: newCallId() }), ErrorCode.NO_SUCH_CALL],
])("%s is refused", async (_name, action, code) => {
  expect((await ada.run(action)).error?.code).toBe(code);
});

test("a forbidden message looks like one to nobody", async () => {
  await harness.close();
  await start({ policy: closedPolicy });
  const [forbidden, nobody] = await ada.send(relay({ toUser: "bob" }), relay({ toUser: "nobody" }));
  expect(forbidden?.error).toEqual(nobody?.error);
});
