import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import type { Random } from "@peerline/call-machine/testing";

/** Values that mean something to the program under test: ids, tickets, names. */
export interface Words {
  readonly bytes: readonly Uint8Array[];
  readonly texts: readonly string[];
  /** By the name of the field: texts of a form that chance does not meet. */
  readonly formed: Readonly<Record<string, string>>;
}

/** Bytes of the lengths that the schema knows, and texts within and over its limits. */
export const plainWords: Words = {
  bytes: [...Array<Uint8Array>(8).fill(new Uint8Array(16).fill(7)), new Uint8Array(8), new Uint8Array()],
  texts: [
    "ada",
    "bob",
    "acme.com/x",
    "0",
    "é",
    "microphone",
    "camera",
    "",
    "x".repeat(65),
    "y".repeat(1_025),
  ],
  formed: { type: "acme.com/x" },
};

const fieldChance = 0.9;
const wordChance = 0.95;
const formedChance = 0.9;
const zeroChance = 0.05;
const maxDurationSeconds = 25;
const maxDepth = 6;
const maxItems = 3;
const maxBytes = 24;
const maxUint32 = 0xffff_ffff;
const edges32 = [0, 1, 2, 64, 0x7fff_ffff];

/** A message that encodes, made from its descriptor; whether it keeps the rules of the schema is left to chance. */
export function randomMessage<Desc extends DescMessage>(
  schema: Desc,
  random: Random,
  words: Words,
  depth = 0,
): MessageShape<Desc> {
  if (schema.typeName === DurationSchema.typeName && random.chance(formedChance)) {
    const duration: Record<string, unknown> = { seconds: BigInt(random.between(1, maxDurationSeconds)) };
    return create(schema, duration as MessageInitShape<Desc>);
  }
  const init: Record<string, unknown> = {};
  const wanted = (field: DescField) =>
    (depth < maxDepth || field.fieldKind !== "message") && random.chance(fieldChance);
  const makeValue = (field: DescField) =>
    words.formed[field.localName] !== undefined && field.fieldKind === "scalar" && random.chance(formedChance)
      ? words.formed[field.localName]
      : randomValue(field, random, words, depth);
  for (const field of schema.fields) {
    if (!field.oneof && wanted(field)) init[field.localName] = makeValue(field);
  }
  for (const oneof of schema.oneofs) {
    const field = random.pick(oneof.fields);
    if (wanted(field)) init[oneof.localName] = { case: field.localName, value: makeValue(field) };
  }
  return create(schema, init as MessageInitShape<Desc>);
}

function randomValue(field: DescField, random: Random, words: Words, depth: number): unknown {
  switch (field.fieldKind) {
    case "scalar":
      return randomScalar(field.scalar, random, words);
    case "enum":
      return randomEnum(field.enum, random);
    case "message":
      return randomMessage(field.message, random, words, depth + 1);
    case "list":
      return listOf(random, () => {
        if (field.listKind === "message") return randomMessage(field.message, random, words, depth + 1);
        return field.listKind === "enum"
          ? randomEnum(field.enum, random)
          : randomScalar(field.scalar, random, words);
      });
    case "map":
      return Object.fromEntries(
        listOf(random, () => [random.hex(2), randomScalar(field.scalar ?? ScalarType.STRING, random, words)]),
      );
  }
}

function listOf<T>(random: Random, make: () => T): T[] {
  return Array.from({ length: random.between(0, maxItems) }, make);
}

function randomEnum(desc: DescEnum, random: Random): number {
  const named = desc.values.filter(({ number }) => number !== 0);
  return named.length === 0 || random.chance(zeroChance) ? 0 : random.pick(named).number;
}

const scalars: Partial<Record<ScalarType, (random: Random, words: Words) => unknown>> = {
  [ScalarType.STRING]: (random, { texts }) =>
    random.chance(wordChance) ? random.pick(texts) : random.hex(random.between(0, maxBytes)),
  [ScalarType.BYTES]: (random, { bytes }) =>
    random.chance(wordChance)
      ? random.pick(bytes)
      : Buffer.from(random.hex(random.between(0, maxBytes)), "hex"),
  [ScalarType.BOOL]: (random) => random.chance(1 / 2),
  [ScalarType.DOUBLE]: (random) => random.next(),
  [ScalarType.FLOAT]: (random) => Math.fround(random.next()),
  [ScalarType.INT64]: (random) => BigInt(random.pick(edges32)) - 1n,
  [ScalarType.UINT64]: (random) => BigInt(random.pick(edges32)) * BigInt(random.pick([1, 1, maxUint32])),
};

/** Every other scalar of the schema is a number that 32 bits hold. */
function randomScalar(type: ScalarType, random: Random, words: Words): unknown {
  return scalars[type]?.(random, words) ?? random.pick(edges32);
}
