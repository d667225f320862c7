import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Random } from "@peerline/call-machine/testing";

const deepest = 4;
const texts = ["", "ana", "\u202eana\u0000", "x".repeat(2_000), "stun:", "turn:a", "https://a", "{}"];
const numbers = [
  0n,
  1n,
  2n,
  3n,
  40n,
  -1n,
  2n ** 31n - 1n,
  -(2n ** 31n),
  1_795_853_502_081_000n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const lengths = [0, 1, 16, 16, 16, 16, 17, 32, 300];

/** A message on the wire with fields set to anything that fits in: what a broken server, or a hostile one, may send. */
export function wildMessage(schema: DescMessage, random: Random): Uint8Array {
  return write(new BinaryWriter(), schema, random, 0).finish();
}

function write(
  writer: BinaryWriter,
  { fields, oneofs }: DescMessage,
  random: Random,
  depth: number,
): BinaryWriter {
  const chosen = oneofs.map((oneof) => random.pick(oneof.fields));
  for (const field of fields) {
    const isLeft = field.oneof ? !chosen.includes(field) : random.chance(0.2);
    if (isLeft || field.fieldKind === "map" || (field.message && depth >= deepest)) continue;
    for (let left = field.fieldKind === "list" ? random.between(0, 3) : 1; left > 0; left--) {
      writeOne(writer, field, random, depth);
    }
  }
  return writer;
}

function writeOne(writer: BinaryWriter, field: DescField, random: Random, depth: number): void {
  if (field.message) {
    writer.tag(field.number, WireType.LengthDelimited).fork();
    write(writer, field.message, random, depth + 1).join();
  } else if (field.scalar === ScalarType.STRING) {
    writer.tag(field.number, WireType.LengthDelimited).string(random.pick(texts));
  } else if (field.scalar === ScalarType.BYTES) {
    // Few different ones, so that some ids are those of what came before.
    const bytes = new Uint8Array(random.pick(lengths)).fill(random.between(1, 2));
    writer.tag(field.number, WireType.LengthDelimited).bytes(bytes);
  } else {
    writer.tag(field.number, WireType.Varint).int64(random.pick(numbers));
  }
}
