import { type DescMessage, fromBinary, fromJson, type Registry, toBinary, toJson } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { presentSchema } from "../tooling/input-messages.ts";
import { releasedImages } from "../tooling/released-images.ts";
import { samples } from "../tooling/samples.ts";
import { EventSchema, ReceiveResponseSchema } from "./index.ts";

const present = presentSchema();

describe.each(releasedImages())("a client of $name", ({ schema }) => {
  test.each(casesOf(EventSchema))("reads the event %s, or the offset of what it does not know", (name) => {
    const json = { offset: "7", [name]: {} };
    const known = casesOf(inSchema(schema, EventSchema)).includes(name);
    expect(readBy(schema, EventSchema, json)).toEqual(known ? json : { offset: "7" });
  });

  test.each(casesOf(ReceiveResponseSchema))("reads the frame %s, or an empty one", (name) => {
    const known = casesOf(inSchema(schema, ReceiveResponseSchema)).includes(name);
    expect(readBy(schema, ReceiveResponseSchema, { [name]: {} })).toEqual(known ? { [name]: {} } : {});
  });

  test.each(enumsOf(present))("reads every value of $name, also one of tomorrow", ({ typeName, values }) => {
    const isOpen = schema.getEnum(typeName)?.open ?? true;
    expect({ isOpen, values: values.length > 0 }).toEqual({ isOpen: true, values: true });
  });

  test.each(Object.entries(samples))("loses nothing of %s", (_, sample) => {
    const bytes = toBinary(sample.schema, sample.value);
    const desc = inSchema(schema, sample.schema);
    expect(toBinary(desc, fromBinary(desc, bytes))).toEqual(bytes);
  });
});

/** The message as its client decodes it, in JSON. */
function readBy(schema: Registry, message: DescMessage, json: Readonly<Record<string, unknown>>) {
  const desc = inSchema(schema, message);
  const sent = toBinary(message, fromJson(message, JSON.parse(JSON.stringify(json))));
  return toJson(desc, fromBinary(desc, sent), { registry: schema });
}

function inSchema(schema: Registry, { typeName }: DescMessage): DescMessage {
  const found = schema.getMessage(typeName);
  if (!found) throw new Error(`${typeName} was not in the release`);
  return found;
}

function casesOf({ oneofs: [oneof] }: DescMessage): readonly string[] {
  return oneof?.fields.map(({ jsonName }) => jsonName) ?? [];
}

function enumsOf(schema: Registry) {
  return [...schema].filter((type) => type.kind === "enum").filter(({ file }) => /^peerline/.test(file.name));
}
