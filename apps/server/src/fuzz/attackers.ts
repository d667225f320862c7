import { type DescMethod, fromBinary, type Message, toBinary, toJsonString } from "@bufbuild/protobuf";
import type { Random } from "@peerline/call-machine/testing";
import { type SendRequest, SendResponseSchema, SignalingService } from "@peerline/protocol";
import { validated } from "../rpc/validation.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import type { Harness } from "../testing/harness.ts";
import type { Bystanders } from "./bystanders.ts";
import { mutate } from "./mutate.ts";
import { enveloped, type HttpAnswer, type Post } from "./post.ts";
import { plainWords, randomMessage, type Words } from "./random-message.ts";

/** A signed-in user whose requests are mutants. */
export interface Attacker {
  /** Attached again when its stream has ended. */
  ready(): Promise<void>;
  next(random: Random, words: Words): AttackerPost;
  /** Learns from an answer where its sequence stands. */
  heard(method: DescMethod, answer: HttpAnswer): void;
  readonly endpoint: TestEndpoint;
}

export interface AttackerPost extends Post {
  readonly method: DescMethod;
}

const { receive, poll, send, getIceServers, reauthenticate, detach } = SignalingService.method;
const methods: readonly DescMethod[] = [
  ...Array<DescMethod>(6).fill(send),
  receive,
  receive,
  poll,
  getIceServers,
  reauthenticate,
  detach,
];
const maxTries = 10;
const ownChance = 0.85;
const tokenChance = 0.85;
const forgedTokenChance = 0.5;
const jsonChance = 0.15;
const brokenEnvelopeChance = 0.1;

export async function openAttacker(harness: Harness, name: string): Promise<Attacker> {
  const endpoint = await harness.open(name);
  let lastSeq = 0n;
  let streaming = false;
  const drain = () => {
    streaming = true;
    const over = () => {
      streaming = false;
    };
    endpoint.untilEnd().then(over, over);
  };
  drain();
  return {
    endpoint,
    async ready() {
      endpoint.events.length = 0;
      if (streaming) return;
      lastSeq = (await endpoint.reopen()).lastClientSeq;
      drain();
    },
    next(random, words) {
      const method = random.pick(methods);
      const message = likelyMessage(method, random, words);
      if (random.chance(ownChance)) makeOwn(message, endpoint, lastSeq);
      return { ...postOf(method, message, random), token: tokenOf(endpoint.token, random) };
    },
    heard(method, { status, body }) {
      if (method !== send || status !== 200) return;
      try {
        lastSeq = fromBinary(SendResponseSchema, body).results.at(-1)?.clientSeq ?? lastSeq;
      } catch {
        // An answer in JSON: the next batch is refused as out of order, which is a case of its own.
      }
    },
  };
}

/** Keeps the rules of the schema when a few tries are enough, so that most mutants begin as what is served. */
function likelyMessage(method: DescMethod, random: Random, words: Words): Message {
  let message = randomMessage(method.input, random, words);
  for (let tries = 0; tries < maxTries && !keepsRules(method, message); tries++) {
    message = randomMessage(method.input, random, words);
  }
  return message;
}

function keepsRules({ input }: DescMethod, message: Message): boolean {
  try {
    return validated(input, message).kind === "valid";
  } catch {
    return false;
  }
}

/** Names the attacker's own endpoint, and its next commands, so that a mutant reaches what is behind the checks. */
function makeOwn(message: Message, endpoint: TestEndpoint, lastSeq: bigint): void {
  const fields = message as Message & { endpointId?: Uint8Array; receive?: { endpointId: Uint8Array } };
  if (fields.endpointId) fields.endpointId = endpoint.endpointId;
  if (fields.receive) fields.receive.endpointId = endpoint.endpointId;
  if (message.$typeName !== send.input.typeName) return;
  const request = message as SendRequest;
  request.epoch = endpoint.hello().epoch;
  request.commands.forEach((command, index) => {
    command.clientSeq = lastSeq + BigInt(index) + 1n;
  });
}

function postOf(method: DescMethod, message: Message, random: Random): AttackerPost {
  const path = `/${SignalingService.typeName}/${method.name}`;
  const streams = method.methodKind === "server_streaming";
  const json = random.chance(jsonChance) ? jsonBytes(method, message) : undefined;
  const format = json ? "json" : "proto";
  const whole = json ?? toBinary(method.input, message);
  const mutant = mutate(whole, random);
  if (!streams) return { method, path, streams, contentType: `application/${format}`, body: mutant };
  const body = enveloped(mutant);
  const broken = random.chance(brokenEnvelopeChance);
  return {
    method,
    path,
    streams,
    contentType: `application/connect+${format}`,
    body: broken ? mutate(body, random) : body,
  };
}

/** `undefined`: JSON has no way to say it, as of a duration out of range. */
function jsonBytes(method: DescMethod, message: Message): Uint8Array | undefined {
  try {
    return new TextEncoder().encode(toJsonString(method.input, message));
  } catch {
    return undefined;
  }
}

function tokenOf(token: string, random: Random): string | undefined {
  if (random.chance(tokenChance)) return token;
  if (!random.chance(forgedTokenChance)) return undefined;
  const at = random.between(0, token.length - 1);
  return `${token.slice(0, at)}${random.hex(1)}${token.slice(at + 1)}`;
}

/** What attackers know: ids of their own, of the bystanders and of the calls they try, and the names of all. */
export function attackersWords(
  attackers: readonly Attacker[],
  { ada, bob, callId, ticket }: Bystanders,
  callIds: readonly Uint8Array[],
): Words {
  const ids = [ada, bob, ...attackers.slice(0, 2).map(({ endpoint }) => endpoint)].map(
    ({ endpointId }) => endpointId,
  );
  return {
    bytes: [callId, ticket, ada.hello().epoch, ...ids, ...callIds, ...callIds, ...plainWords.bytes],
    formed: plainWords.formed,
    texts: ["ada", "bob", ...attackers.map(({ endpoint }) => endpoint.user), ...plainWords.texts],
  };
}
