import { create, fromBinary } from "@bufbuild/protobuf";
import { createRouterTransport } from "@connectrpc/connect";
import { startSession } from "@peerline/call-machine";
import { seededRandom, stubMedia, stubPeer, virtualClock } from "@peerline/call-machine/testing";
import {
  EventSchema,
  HelloSchema,
  type ReceiveResponse,
  ReceiveResponseSchema,
  SignalingService,
} from "@peerline/protocol";
import { createSignalingSession } from "@peerline/signaling-client";
import { expect, test } from "vitest";
import { wildMessage } from "./testing/wild-message.ts";

const framesPerRun = 40;

/** A hello, then events with the right offsets and whatever else comes, all with wild content. */
function wildFrames(seed: number): readonly ReceiveResponse[] {
  const random = seededRandom(seed);
  const epoch = new Uint8Array(16).fill(7);
  const hello = {
    ...fromBinary(HelloSchema, wildMessage(HelloSchema, random)),
    epoch,
    topOffset: 0n,
    resumed: false,
  };
  const frames = [create(ReceiveResponseSchema, { frame: { case: "hello", value: hello } })];
  let offset = 0n;
  while (frames.length < framesPerRun) {
    if (random.chance(0.2))
      frames.push(fromBinary(ReceiveResponseSchema, wildMessage(ReceiveResponseSchema, random)));
    offset += 1n;
    const event = { ...fromBinary(EventSchema, wildMessage(EventSchema, random)), offset };
    frames.push(create(ReceiveResponseSchema, { frame: { case: "event", value: event } }));
  }
  return frames;
}

test.each(Array.from({ length: 60 }, (_, seed) => seed))(
  "nothing that a server says breaks a client: %i",
  async (seed) => {
    const frames = wildFrames(seed);
    const read = Promise.withResolvers<void>();
    const transport = createRouterTransport(({ service }) => {
      service(SignalingService, {
        async *receive() {
          for (const frame of frames) yield frame;
          read.resolve();
        },
      });
    });
    const clock = virtualClock(1_000_000);
    const warnings: string[] = [];
    const logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: (text: string) => warnings.push(text),
    };
    const signaling = createSignalingSession({
      transport,
      endpointId: new Uint8Array(16),
      getToken: async () => ({ token: "a" }),
      client: { product: "test" },
      clock,
      random: () => 0.5,
      logger,
    });
    const session = startSession(
      { signaling, peer: stubPeer(), media: stubMedia(), clock, logger },
      { user: "ana", capacity: 3 },
    );
    session.subscribe(({ link }) => {
      if (link === "stopped" || link === "interrupted") read.resolve();
    });
    await read.promise;
    await Promise.resolve();
    clock.advanceBy(120_000);
    const view = session.view();
    expect(warnings.filter((text) => text.includes("threw") || text.includes("failed"))).toEqual([]);
    expect(JSON.parse(JSON.stringify(view))).toBeDefined();
    for (const { end } of view.recent) expect(Math.abs(clock.now() - end.at)).toBeLessThan(86_400_000);
    session.stop("sign-out");
    expect([session.view().link, clock.pending()]).toEqual(["stopped", 0]);
  },
);
