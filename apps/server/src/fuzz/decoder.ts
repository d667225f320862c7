import { type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import type { Random } from "@peerline/call-machine/testing";
import { SignalingService } from "@peerline/protocol";
import { ServerError } from "../errors/server-error.ts";
import { validated } from "../rpc/validation.ts";
import { useResponse } from "./client-side.ts";
import { mutate } from "./mutate.ts";
import { plainWords, randomMessage } from "./random-message.ts";
import { createTally, type Tally } from "./tally.ts";

/** One message and what a program does with it once it is decoded. `use` names the outcome; any throw is a defect. */
export interface DecoderTarget {
  readonly name: string;
  readonly schema: DescMessage;
  use(message: MessageShape<DescMessage>, random: Random): string;
}

/** What protobuf says of bytes that are no message. Whatever else is thrown is a defect. */
const decodeErrors =
  /^(?:illegal tag|cant skip wire type|premature EOF|invalid end group tag|invalid varint|cannot decode .* maximum recursion depth|maximum recursion depth|The encoded data was not valid for encoding utf-8)/;

const { receive, send } = SignalingService.method;
/** The methods that carry calls come more often. */
const methods = [
  ...SignalingService.methods,
  ...[receive, send].flatMap((method) => [method, method, method]),
];

/** Every request of the service as the server checks it, every response as the client uses it. */
export const decoderTargets: readonly DecoderTarget[] = methods.flatMap(({ input, output }) => [
  { name: input.name, schema: input, use: (message) => checkRequest(input, message) },
  { name: output.name, schema: output, use: useResponse },
]);

const mutantsPerMessage = 8;

/** Decodes and uses `count` mutants of valid messages. Same `random`, same inputs. */
export function fuzzDecoder(count: number, random: Random, targets = decoderTargets): Tally {
  const tally = createTally();
  for (let input = 0; input < count; ) {
    const target = random.pick(targets);
    const whole = toBinary(target.schema, randomMessage(target.schema, random, plainWords));
    for (let mutant = 0; mutant < mutantsPerMessage && input < count; mutant++, input++) {
      const bytes = mutate(whole, random);
      const { outcome, defect } = tryOne(target, bytes, random);
      tally.count(outcome);
      if (defect !== undefined) {
        tally.defect({ target: target.name, what: defect, hex: Buffer.from(bytes).toString("hex") });
      }
    }
  }
  return tally.report(count);
}

interface Tried {
  readonly outcome: string;
  readonly defect?: string;
}

function tryOne(target: DecoderTarget, bytes: Uint8Array, random: Random): Tried {
  let message: MessageShape<DescMessage>;
  try {
    message = fromBinary(target.schema, bytes);
  } catch (reason) {
    const text = reason instanceof Error ? reason.message : String(reason);
    return decodeErrors.test(text)
      ? { outcome: "undecodable" }
      : { outcome: "defect", defect: `decoding: ${String(reason)}` };
  }
  try {
    return { outcome: target.use(message, random) };
  } catch (reason) {
    return { outcome: "defect", defect: `using: ${String(reason)}` };
  }
}

function checkRequest(schema: DescMessage, message: MessageShape<DescMessage>): string {
  try {
    const { kind, error } = validated(schema, message);
    if (kind === "error") throw error;
    return `request ${kind}`;
  } catch (reason) {
    if (reason instanceof ServerError) return `request ${reason.code}`;
    throw reason;
  }
}
