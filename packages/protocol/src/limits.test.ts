import { readFileSync } from "node:fs";
import { create, type DescMessage, type MessageInitShape, type MessageShape } from "@bufbuild/protobuf";
import { createValidator } from "@bufbuild/protovalidate";
import { describe, expect, test } from "vitest";
import { limitsOfInput, limitsTable } from "../tooling/limits.ts";
import {
  ChatMessageSchema,
  type Command,
  CommandSchema,
  type Description,
  Description_Type,
  DescriptionSchema,
  type EndReason,
  type Invite,
  InviteSchema,
  MediaKind,
  PollRequestSchema,
  SendRequestSchema,
  SignInRequestSchema,
} from "./index.ts";

const validator = createValidator();

describe("what comes from outside", () => {
  test("is limited in every text, byte string, list and map", () => {
    expect(limitsOfInput().filter(({ limit }) => limit === undefined)).toEqual([]);
  });

  test("was found by walking the requests", () => {
    const places = limitsOfInput().map(({ message, field }) => `${message}.${field}`);
    expect(places).toEqual(expect.arrayContaining(["Invite.metadata", "Description.sdp", "Relay.to_user"]));
  });

  test("is listed in LIMITS.md", () => {
    expect(readFileSync(new URL("../LIMITS.md", import.meta.url), "utf8")).toBe(limitsTable(limitsOfInput()));
  });
});

describe("an invite", () => {
  test("as it should be is accepted", () => {
    expect(fieldsRefusedIn(InviteSchema, invite({}))).toEqual([]);
  });

  test.each<[string, MessageInitShape<typeof InviteSchema>, string]>([
    ["with a call id of 15 bytes", { callId: new Uint8Array(15) }, "call_id"],
    ["with an empty call id", { callId: new Uint8Array() }, "call_id"],
    ["to a name of 129 bytes", { calleeUser: `${"é".repeat(64)}a` }, "callee_user"],
    ["of no kind", { kind: MediaKind.UNSPECIFIED }, "kind"],
    ["of a kind that does not exist", { kind: 9 as MediaKind }, "kind"],
    ["with 65 capabilities", { capabilities: Array(65).fill("a") }, "capabilities"],
    ["with a capability of 65 bytes", { capabilities: ["a".repeat(65)] }, "capabilities[0]"],
    ["with 17 keys of metadata", { metadata: keys(17) }, "metadata"],
    ["with a long key of metadata", { metadata: { ["k".repeat(65)]: "" } }, `metadata["${"k".repeat(65)}"]`],
    ["with a long value of metadata", { metadata: { a: "b".repeat(1025) } }, 'metadata["a"]'],
    ["that rings for 121 s", { ringFor: seconds(121n) }, "ring_for"],
    ["that rings for no time", { ringFor: seconds(0n) }, "ring_for"],
    ["with an SDP over 64 KiB", { offer: offerOf("a".repeat(65_537)) }, "offer.sdp"],
  ])("%s is refused", (_, change, field) => {
    expect(fieldsRefusedIn(InviteSchema, invite(change))).toContain(field);
  });

  test("with an SDP of exactly 64 KiB is accepted", () => {
    expect(fieldsRefusedIn(InviteSchema, invite({ offer: offerOf("a".repeat(65_536)) }))).toEqual([]);
  });
});

test("an invite without anything lacks each required field", () => {
  expect(fieldsRefusedIn(InviteSchema, create(InviteSchema))).toEqual(["call_id", "callee_user", "offer"]);
});

describe("other requests", () => {
  test("of 33 commands are refused, of 32 accepted", () => {
    expect(fieldsRefusedIn(SendRequestSchema, sendOf(33))).toEqual(["commands"]);
    expect(fieldsRefusedIn(SendRequestSchema, sendOf(32))).toEqual([]);
  });

  test("are refused for a broken command among good ones", () => {
    const broken = create(CommandSchema, { action: { case: "end", value: { callId: new Uint8Array(3) } } });
    expect(fieldsRefusedIn(SendRequestSchema, sendOf(1, broken))).toEqual(["commands[1].end.call_id"]);
  });

  test("with an end reason that does not exist are refused", () => {
    const value = { callId: new Uint8Array(16), reason: 99 as EndReason };
    const command = create(CommandSchema, { action: { case: "end", value } });
    expect(fieldsRefusedIn(CommandSchema, command)).toEqual(["end.reason"]);
  });

  test("that would hold a poll for longer than 25 s are refused", () => {
    const receive = { endpointId: new Uint8Array(16), client: {} };
    const poll = create(PollRequestSchema, { receive, wait: seconds(26n) });
    expect(fieldsRefusedIn(PollRequestSchema, poll)).toEqual(["wait"]);
  });

  test.each(["", "a b", "a".repeat(65), "a\n"])("to sign in as %j are refused", (user) => {
    expect(fieldsRefusedIn(SignInRequestSchema, create(SignInRequestSchema, { user }))).toContain("user");
  });

  test.each(["stroke", "acme/stroke", "acme.com/", "ACME.com/stroke"])(
    "with the extension type %j are refused",
    (type) => {
      const relay = { messageId: new Uint8Array(16), extension: { type } };
      const command = create(CommandSchema, { action: { case: "relay", value: relay } });
      expect(fieldsRefusedIn(CommandSchema, command)).toEqual(["relay.extension.type"]);
    },
  );

  test("that chat with more than 8 KiB are refused", () => {
    const chat = create(ChatMessageSchema, { id: new Uint8Array(16), text: "a".repeat(8193) });
    expect(fieldsRefusedIn(ChatMessageSchema, chat)).toEqual(["text"]);
  });
});

function fieldsRefusedIn<Schema extends DescMessage>(
  schema: Schema,
  message: MessageShape<Schema>,
): string[] {
  const result = validator.validate(schema, message);
  if (result.kind === "error") {
    throw result.error;
  }
  return (result.violations ?? []).map(({ field }) => pathOf(field));
}

function pathOf(field: readonly unknown[]): string {
  return field.reduce<string>((path, part) => {
    const { kind, name, key, index } = part as Readonly<Record<string, unknown>>;
    if (kind === "list_sub" || kind === "map_sub") {
      return `${path}[${JSON.stringify(index ?? key)}]`;
    }
    return path === "" ? String(name) : `${path}.${String(name)}`;
  }, "");
}

function invite(change: MessageInitShape<typeof InviteSchema>): Invite {
  return create(InviteSchema, {
    callId: new Uint8Array(16),
    calleeUser: "bob",
    kind: MediaKind.AUDIO,
    offer: offerOf("v=0"),
    ...change,
  });
}

function offerOf(sdp: string): Description {
  return create(DescriptionSchema, { type: Description_Type.OFFER, body: { case: "sdp", value: sdp } });
}

function sendOf(count: number, ...more: readonly Command[]) {
  const commands = Array.from({ length: count }, () => create(CommandSchema));
  return create(SendRequestSchema, {
    endpointId: new Uint8Array(16),
    epoch: new Uint8Array(8),
    commands: [...commands, ...more],
  });
}

function keys(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, "v"]));
}

function seconds(count: bigint) {
  return { $typeName: "google.protobuf.Duration", seconds: count, nanos: 0 } as const;
}
