import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { type Envelope, envelope, envelopesOf } from "./envelopes.ts";

function bodyOf(...chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function read(body: ReadableStream<Uint8Array>): Promise<Envelope[]> {
  const found: Envelope[] = [];
  for await (const message of envelopesOf(body)) found.push(message);
  return found;
}

test("messages arrive whole and in order, however the body is cut", async () => {
  const messages = [3, 0, 260, 1, 5].map((size) => new Uint8Array(size).map((_, index) => index));
  const bytes = Uint8Array.from(Buffer.concat(messages.map(envelope)));
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.slice(index * size, (index + 1) * size),
    );
    expect(await read(bodyOf(...chunks))).toEqual(messages.map((data) => ({ flags: 0, data })));
  }
});

test("an empty message is a message", async () => {
  expect(await read(bodyOf(envelope(new Uint8Array())))).toEqual([{ flags: 0, data: new Uint8Array() }]);
});

test.each([
  ["that ends inside of a message", [0, 0, 0, 0, 9, 1], Code.InvalidArgument],
  ["that ends inside of a head", [0, 0, 0], Code.InvalidArgument],
  ["with a compressed message", [1, 0, 0, 0, 0], Code.Internal],
  ["that announces four gigabytes", [0, 255, 255, 255, 255], Code.ResourceExhausted],
] as const)("a body %s is an error with its code", async (_, bytes, code) => {
  const error = await read(bodyOf(Uint8Array.from(bytes))).catch((reason: unknown) => reason);
  expect(ConnectError.from(error).code).toBe(code);
});

test("leaving early cancels the body", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(envelope(new Uint8Array([7]))),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const { data } of envelopesOf(body)) {
    expect(data).toEqual(new Uint8Array([7]));
    break;
  }
  expect(cancelled).toBe(true);
});
