import type { Random } from "@peerline/call-machine/testing";

const changeCounts = [0, 1, 1, 1, 2, 3];
const maxSpan = 16;
const bitsPerByte = 8;
const maxByte = 255;

/** Other bytes, 0 to 3 changes away: flipped, replaced, inserted, deleted, repeated or cut off. The input stays as it is. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  let mutant = new Uint8Array(bytes);
  for (let changes = random.pick(changeCounts); changes > 0; changes--) {
    mutant = random.pick(mutations)(mutant, random);
  }
  return mutant;
}

type Mutation = (bytes: Uint8Array<ArrayBuffer>, random: Random) => Uint8Array<ArrayBuffer>;

const mutations: readonly Mutation[] = [
  (bytes, random) => replaceOne(bytes, random, (byte) => byte ^ (1 << random.between(0, bitsPerByte - 1))),
  (bytes, random) => replaceOne(bytes, random, () => random.between(0, maxByte)),
  (bytes, random) => splice(bytes, random.between(0, bytes.length), 0, randomBytes(random)),
  (bytes, random) => splice(bytes, random.between(0, bytes.length), random.between(1, maxSpan)),
  (bytes, random) => {
    const at = random.between(0, bytes.length);
    return splice(bytes, at, 0, bytes.slice(at, at + random.between(1, maxSpan)));
  },
  (bytes, random) => bytes.slice(0, random.between(0, bytes.length)),
];

function replaceOne(bytes: Uint8Array<ArrayBuffer>, random: Random, change: (byte: number) => number) {
  const at = random.between(0, bytes.length - 1);
  return bytes.map((byte, index) => (index === at ? change(byte) : byte));
}

function splice(bytes: Uint8Array, at: number, remove: number, insert = new Uint8Array()) {
  return new Uint8Array(Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]));
}

function randomBytes(random: Random): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(random.hex(random.between(1, maxSpan)), "hex"));
}
