import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import { ErrorCode, GoAway_Action, type ReceiveResponseSchema } from "@peerline/protocol";
import { decodeEvent } from "../calls/call-event.ts";
import { ServerError } from "../errors/server-error.ts";
import type { MailboxEntry } from "../mailbox/mailbox.ts";
import type { Services } from "../services.ts";
import type { MailboxRead } from "../store/port.ts";
import { type ServerClock, toWall, wallNow } from "../system-clock.ts";
import { createBell } from "./bell.ts";
import { goAway, superseded } from "./go-away.ts";
import { createOutbox, type Outbox } from "./outbox.ts";

export type Frame = MessageInitShape<typeof ReceiveResponseSchema>;

/** One open `Receive`, or one `Poll`. The frames come from `frames`; everything else only tells it what to do next. */
export interface LiveStream extends Pick<Outbox, "push" | "presence" | "finish" | "fail" | "onOver"> {
  readonly key: string;
  /** Of the page or process that reads it, hex; empty when it does not say. */
  readonly lifeId: string;
  /** Fencing number; 0 until the endpoint is attached. */
  generation: number;
  /** There may be something new in the mailbox, or the ping interval changed. */
  wake(): void;
  /**
   * The endpoint says whether it is in a call. After a restart the server knows of none, and still has to ping as often
   * as that client expects.
   */
  claimsCall(claims: boolean): void;
  /** Since when the reader has not taken a frame; undefined while it keeps up. */
  stalledSince(): number | undefined;
  /** Hello, then everything after `offset`, then live, until it is finished, failed or aborted. PROTOCOL 1.2. */
  frames(hello: Frame, start: StreamStart): AsyncIterable<Frame>;
  /**
   * What is next after `offset`, as soon as there is something, at most `maxPolledFrames`. Nothing until `until`, or for
   * the ping interval: a Ping. PROTOCOL 1.14.
   */
  poll(start: StreamStart, until: number): Promise<Polled>;
  /** What waits and was not taken, so that a successor can go on with it. */
  leftovers(): readonly Frame[];
}

/** What one `Poll` is answered with, after its Hello. */
export interface Polled {
  readonly frames: readonly Frame[];
  /** The server is done with this endpoint's stream, or the client is. */
  readonly ended: boolean;
}

export interface StreamStart {
  readonly epoch: string;
  /** The last event that the client has. */
  readonly offset: number;
}

interface Batch {
  readonly frames: readonly Frame[];
  readonly sent: number;
  readonly ends: boolean;
}

const readBatch = 64;
/** A response holds 64 frames: a Hello, what waits besides the mailbox, and events. */
const polledEvents = 55;

export function createLiveStream(
  services: Services,
  key: string,
  options: { readonly signal: AbortSignal; readonly lifeId: string; readonly isBusy: () => boolean },
): LiveStream {
  const { clock, store, config } = services;
  const bell = createBell(clock);
  const outbox = createOutbox(bell.ring);
  let stalledSince: number | undefined;
  let claimed = false;
  options.signal.addEventListener("abort", bell.ring, { once: true });
  const intervalMs = () =>
    claimed || options.isBusy() ? config.timers.pingBusyMs : config.timers.pingIdleMs;

  const readNow = async (epoch: string, sent: number, max: number): Promise<Batch> => {
    const read = outbox.ending() ? undefined : await store.read(key, sent, max);
    const ending = outbox.ending() ?? displacement(read, epoch, options.lifeId);
    if (ending || !read) return { frames: ending?.frame ? [ending.frame] : [], sent, ends: true };
    const entries = entriesOf(read);
    const events = entries.map((entry) => eventFrame(clock, entry));
    return { frames: [...events, ...outbox.drain()], sent: sent + entries.length, ends: false };
  };

  const nextBatch = async (
    start: StreamStart,
    max: number,
    until = Number.POSITIVE_INFINITY,
  ): Promise<Batch> => {
    const sent = start.offset;
    const quietSince = clock.now();
    while (!options.signal.aborted) {
      bell.reset();
      const batch = await readNow(start.epoch, sent, max);
      if (batch.ends || batch.frames.length > 0) return batch;
      const pingAt = Math.min(quietSince + intervalMs(), until);
      if (clock.now() >= pingAt) {
        return { frames: [await pingFrame(services, key, intervalMs())], sent, ends: false };
      }
      await bell.wait(pingAt);
    }
    return { frames: [], sent, ends: true };
  };

  async function* run({ epoch, offset }: StreamStart): AsyncIterable<Frame> {
    for (let sent = offset; ; ) {
      const batch = await nextBatch({ epoch, offset: sent }, readBatch);
      yield* batch.frames;
      if (batch.ends) return;
      sent = batch.sent;
    }
  }

  return {
    key,
    lifeId: options.lifeId,
    generation: 0,
    wake: bell.ring,
    claimsCall(claims) {
      if (claims !== claimed) bell.ring();
      claimed = claims;
    },
    push: outbox.push,
    presence: outbox.presence,
    finish: outbox.finish,
    fail: outbox.fail,
    stalledSince: () => stalledSince,
    async *frames(hello, start) {
      for await (const frame of following(hello, run(start))) {
        stalledSince = clock.now();
        yield frame;
        stalledSince = undefined;
      }
    },
    async poll(start, until) {
      const { frames, ends } = await nextBatch(start, polledEvents, until);
      return { frames, ended: ends };
    },
    leftovers: outbox.drain,
    onOver: outbox.onOver,
  };
}

async function* following(first: Frame, rest: AsyncIterable<Frame>): AsyncIterable<Frame> {
  yield first;
  yield* rest;
}

function entriesOf(read: MailboxRead): readonly MailboxEntry[] {
  if (read.entries) return read.entries;
  throw new ServerError(
    "slow-consumer",
    "Events came faster than they were read. Receive again with the cursor.",
  );
}

/**
 * The mailbox is another one now: a newer stream has taken over, or else the endpoint signed out. One that says who it is may ask
 * whether it was itself.
 */
function displacement(
  read: MailboxRead | undefined,
  epoch: string,
  lifeId: string,
): { readonly frame: Frame } | undefined {
  if (read?.head.epoch === epoch) return undefined;
  if (!read) return { frame: goAway(GoAway_Action.STOP, ErrorCode.UNSPECIFIED) };
  return { frame: lifeId === "" ? superseded.byAnother : superseded.byItself };
}

/** A mailbox keeps moments of the server's clock; people are shown times of day. */
function eventFrame(clock: ServerClock, entry: MailboxEntry): Frame {
  const event = decodeEvent(entry.bytes, entry.offset);
  if (event.at) event.at = timestampFromMs(toWall(clock, timestampMs(event.at)));
  return { frame: { case: "event", value: event } };
}

async function pingFrame({ store, clock }: Services, key: string, nextInMs: number): Promise<Frame> {
  const head = (await store.read(key, 0, 0))?.head;
  const value = {
    topOffset: BigInt(head?.top ?? 0),
    nextIn: durationFromMs(nextInMs),
    serverTime: timestampFromMs(wallNow(clock)),
  };
  return { frame: { case: "ping", value } };
}
