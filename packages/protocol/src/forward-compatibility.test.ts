import { create, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "vitest";
import { CommandSchema, EventSchema, ReceiveResponseSchema } from "./index.ts";

const unassigned = 50;
const thirdParty = 1500;

describe("a message from a newer or extended peer", () => {
  test.each([
    ["an unassigned field", CommandSchema, create(CommandSchema, { clientSeq: 7n }), unassigned],
    ["a third party's field", CommandSchema, create(CommandSchema, { clientSeq: 7n }), thirdParty],
    ["an unassigned field", EventSchema, create(EventSchema, { offset: 7n }), unassigned],
    ["a third party's field", EventSchema, create(EventSchema, { offset: 7n }), thirdParty],
  ] as const)("keeps %s through decode and encode (%o)", (_, schema, known, number) => {
    const received = concat(
      toBinary<typeof CommandSchema | typeof EventSchema>(schema, known),
      textField(number, "new"),
    );
    const decoded = fromBinary<typeof CommandSchema | typeof EventSchema>(schema, received);
    expect(decoded.$unknown?.map(({ no }) => no)).toEqual([number]);
    expect(toBinary<typeof CommandSchema | typeof EventSchema>(schema, decoded)).toEqual(received);
  });

  test("loses such fields in JSON, which is why binary is normative", () => {
    const decoded = fromBinary(CommandSchema, concat(oneOffset(CommandSchema), textField(unassigned, "new")));
    expect(fromJson(CommandSchema, toJson(CommandSchema, decoded)).$unknown).toBeUndefined();
  });

  test("with an unknown event has no case, and an offset that can be acknowledged", () => {
    const known = toBinary(EventSchema, create(EventSchema, { offset: 12n }));
    const decoded = fromBinary(EventSchema, concat(known, textField(unassigned, "a body of tomorrow")));
    expect({ case: decoded.body.case, offset: decoded.offset }).toEqual({ case: undefined, offset: 12n });
  });

  test("with an unknown frame has no case", () => {
    expect(
      fromBinary(ReceiveResponseSchema, textField(unassigned, "a frame of tomorrow")).frame.case,
    ).toBeUndefined();
  });
});

function oneOffset(schema: typeof CommandSchema): Uint8Array {
  return toBinary(schema, create(schema, { clientSeq: 7n }));
}

function textField(number: number, text: string): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).string(text).finish();
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
