import { fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { seededRandom } from "@peerline/call-machine/testing";
import { SendRequestSchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { type DecoderTarget, decoderTargets, fuzzDecoder } from "./decoder.ts";
import { mutate } from "./mutate.ts";
import { plainWords, randomMessage } from "./random-message.ts";

const seed = 1;
const inputs = 3_000;

test("3,000 mutants of requests and responses are decoded, checked and translated, or refused", () => {
  const report = fuzzDecoder(inputs, seededRandom(seed));
  expect(report.defects).toEqual([]);
  const reached = Object.keys(report.outcomes);
  for (const outcome of ["undecodable", "request valid", "request malformed", "request too-large"]) {
    expect(reached).toContain(outcome);
  }
  for (const outcome of ["event translated", "event ignored", "result translated", "response used"]) {
    expect(reached).toContain(outcome);
  }
  expect(Object.values(report.outcomes).reduce((sum, count) => sum + count, 0)).toBe(inputs);
});

test("the same seed gives the same inputs", () => {
  expect(fuzzDecoder(500, seededRandom(7))).toEqual(fuzzDecoder(500, seededRandom(7)));
  expect(fuzzDecoder(500, seededRandom(7))).not.toEqual(fuzzDecoder(500, seededRandom(8)));
});

test("a user of messages that throws is found, with the input that did it", () => {
  const broken: DecoderTarget = {
    name: "SendRequest",
    schema: SendRequestSchema,
    use(message) {
      if ((message as Message & { commands: unknown[] }).commands.length > 1) throw new TypeError("two");
      return "fine";
    },
  };
  const { defectCount, defects } = fuzzDecoder(200, seededRandom(seed), [broken]);
  expect(defectCount).toBeGreaterThan(0);
  const [first] = defects;
  expect(first).toMatchObject({ target: "SendRequest", what: "using: TypeError: two" });
  const { commands } = fromBinary(SendRequestSchema, Buffer.from(first?.hex ?? "", "hex"));
  expect(commands.length).toBeGreaterThan(1);
});

test("a random message of every target encodes, and decodes to itself", () => {
  const random = seededRandom(seed);
  for (const { schema } of decoderTargets) {
    const bytes = toBinary(schema, randomMessage(schema, random, plainWords));
    expect(toBinary(schema, fromBinary(schema, bytes))).toEqual(bytes);
  }
});

test("mutants of no bytes at all are bytes too, and the original stays as it is", () => {
  const random = seededRandom(seed);
  const whole = Uint8Array.from([1, 2, 3]);
  const mutants = Array.from({ length: 300 }, () => [
    mutate(new Uint8Array(), random),
    mutate(whole, random),
  ]);
  expect(whole).toEqual(Uint8Array.from([1, 2, 3]));
  expect(new Set(mutants.map(([, mutant]) => String(mutant))).size).toBeGreaterThan(100);
});
