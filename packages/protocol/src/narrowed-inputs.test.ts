import {
  create,
  createFileRegistry,
  type MessageInitShape,
  type Registry,
  setExtension,
} from "@bufbuild/protobuf";
import {
  Edition,
  FeatureSet_FieldPresence,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FieldDescriptorProtoSchema,
  FieldOptionsSchema,
  FileDescriptorProtoSchema,
  OneofOptionsSchema,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { inputMessages, presentSchema } from "../tooling/input-messages.ts";
import { narrowedInputs } from "../tooling/narrowed-inputs.ts";
import { releasedImages } from "../tooling/released-images.ts";
import {
  FieldRulesSchema,
  field as fieldRules,
  OneofRulesSchema,
  oneof as oneofRules,
} from "./gen/buf/validate/validate_pb.ts";

describe("every released client", () => {
  test.each(releasedImages())("of $name may send what it could: no rule became narrower", ({ schema }) => {
    expect(narrowedInputs(schema, presentSchema())).toEqual([]);
  });

  test("is compared in each message that it can send", () => {
    const [first] = releasedImages();
    const names = [...inputMessages(first?.schema ?? createFileRegistry())].map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "SendRequest",
        "Invite",
        "Reattach",
        "CallHealth",
        "ClientInfo",
        "SignInRequest",
        "Bye",
      ]),
    );
  });
});

describe("a field that a released client does not know", () => {
  test.each<[string, Field, readonly string[]]>([
    [
      "is refused when absent: required",
      { name: "b", rules: { required: true } },
      ["Ask.b: required true is new"],
    ],
    [
      "is refused when absent: a list of at least one",
      { name: "b", many: true, rules: { type: { case: "repeated", value: { minItems: 1n } } } },
      ['Ask.b: repeated.min_items "1" is new'],
    ],
    [
      "is refused when absent: a value whose absence cannot be seen",
      { name: "b", implicit: true, rules: { type: { case: "string", value: { minLen: 1n } } } },
      ['Ask.b: string.min_len "1" is new'],
    ],
    [
      "may be absent: an exact length",
      { name: "b", rules: { type: { case: "string", value: { minLen: 9n } } } },
      [],
    ],
    [
      "may be absent: a list of at most one",
      { name: "b", many: true, rules: { type: { case: "repeated", value: { maxItems: 1n } } } },
      [],
    ],
  ])("%s", (_, field, expected) => {
    expect(narrowedInputs(asking({ name: "a" }), asking({ name: "a" }, field))).toEqual(expected);
  });
});

test("a field is known by its number, also under another name", () => {
  const rules: Rules = { type: { case: "string", value: { maxBytes: 8n } } };
  expect(narrowedInputs(asking({ name: "a", rules }), asking({ name: "b", rules }))).toEqual([]);
});

test("a oneof that must be set is narrower", () => {
  const [before, now] = [asking({ name: "a", oneof: false }), asking({ name: "a", oneof: true })];
  expect([narrowedInputs(before, now), narrowedInputs(now, before)]).toEqual([
    ["Ask.choice: required true is new"],
    [],
  ]);
});

test("a value that only its enum accepted is missed when it goes, and one that was refused is not", () => {
  const rules: Rules = { type: { case: "enum", value: { definedOnly: true, notIn: [0] } } };
  const of = (...values: number[]) => asking({ name: "a", values, rules });
  expect([narrowedInputs(of(0, 1, 2), of(0, 1)), narrowedInputs(of(0, 1), of(0, 1, 2))]).toEqual([
    ["Ask.a: the defined KIND_2 is gone"],
    [],
  ]);
});

test("a message that is gone is named", () => {
  expect(narrowedInputs(asking({ name: "a" }), createFileRegistry())).toEqual(["Ask: is gone"]);
});

type Rules = MessageInitShape<typeof FieldRulesSchema>;

interface Field {
  readonly name: string;
  readonly rules?: Rules;
  readonly many?: boolean;
  readonly implicit?: boolean;
  /** In a oneof, which must be set or not. */
  readonly oneof?: boolean;
  /** Of an enum with these values. */
  readonly values?: readonly number[];
}

/** A schema whose one request has these fields. */
function asking(...fields: readonly Field[]): Registry {
  const values = fields.flatMap((field) => field.values ?? []);
  const oneofs = fields.flatMap(({ oneof }) => (oneof === undefined ? [] : [oneof]));
  const file = create(FileDescriptorProtoSchema, {
    name: "ask.proto",
    package: "peerline.signaling.v1",
    syntax: "editions",
    edition: Edition.EDITION_2023,
    messageType: [
      {
        name: "Ask",
        field: fields.map((field, index) => ({ number: index + 1, ...declared(field) })),
        oneofDecl: oneofs.map((required) => ({ name: "choice", options: oneofOptions(required) })),
      },
    ],
    enumType:
      values.length === 0
        ? []
        : [{ name: "Kind", value: values.map((number) => ({ name: `KIND_${number}`, number })) }],
    service: [
      {
        name: "Asking",
        method: [
          { name: "Do", inputType: ".peerline.signaling.v1.Ask", outputType: ".peerline.signaling.v1.Ask" },
        ],
      },
    ],
  });
  return createFileRegistry(file, () => undefined);
}

function declared(field: Field): MessageInitShape<typeof FieldDescriptorProtoSchema> {
  const options = create(FieldOptionsSchema, {
    ...(field.implicit && { features: { fieldPresence: FeatureSet_FieldPresence.IMPLICIT } }),
  });
  setExtension(options, fieldRules, create(FieldRulesSchema, field.rules ?? {}));
  return {
    name: field.name,
    type: field.values ? FieldDescriptorProto_Type.ENUM : FieldDescriptorProto_Type.STRING,
    ...(field.values && { typeName: ".peerline.signaling.v1.Kind" }),
    label: field.many ? FieldDescriptorProto_Label.REPEATED : FieldDescriptorProto_Label.OPTIONAL,
    ...(field.oneof !== undefined && { oneofIndex: 0 }),
    options,
  };
}

function oneofOptions(required: boolean) {
  const options = create(OneofOptionsSchema);
  setExtension(options, oneofRules, create(OneofRulesSchema, { required }));
  return options;
}
