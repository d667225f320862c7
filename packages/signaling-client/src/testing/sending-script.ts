import { create } from "@bufbuild/protobuf";
import { type SendRequest, SendRequestSchema } from "@peerline/protocol";
import { commandsOf, enqueue, fill } from "../outbox.ts";
import { afterHello, idleSending, type Sending, type SendingContext, type SendingHello } from "../sending.ts";
import { defaultLimits, defaultTiming } from "../timing.ts";
import { sampleActions } from "./samples.ts";

export const sendingContext: SendingContext = { now: 1_000, random: 0.5, cursor: 0n, timing: defaultTiming };

export const sampleCalls = [{ callId: "ab".repeat(16), mediaAlive: true }];

/** A snapshot of a new epoch, up to offset 40. */
export const sampleHello: SendingHello = {
  epoch: new Uint8Array(8).fill(1),
  sameEpoch: false,
  resumed: false,
  offset: 40n,
  lastSeq: 0n,
  limits: defaultLimits,
};

/** One command on its way, and the request that carries it. */
export function carrying(): { sending: Sending; request: SendRequest } {
  const [outbox] = fill(enqueue(idleSending.outbox, sampleActions.end("1"))[0], defaultLimits);
  const request = create(SendRequestSchema, { commands: [...commandsOf(outbox)] });
  return { sending: { ...afterHello(idleSending, sampleHello), outbox }, request };
}
