import type { MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ErrorCode, GoAway_Action, type ReceiveResponseSchema } from "@peerline/protocol";
import { decodeEvent } from "../calls/call-event.ts";
import { ServerError } from "../errors/server-error.ts";
import type { MailboxEntry } from "../mailbox/mailbox.ts";
import type { Services } from "../services.ts";
import type { MailboxRead } from "../store/port.ts";
import { createBell } from "./bell.ts";
import { goAway } from "./go-away.ts";
import { createOutbox, type Outbox } from "./outbox.ts";

export type Frame = MessageInitShape<typeof ReceiveResponseSchema>;

/** One open `Receive`. The frames come from `frames`; everything else only tells it what to do next. */
export interface LiveStream extends Pick<Outbox, "push" | "presence" | "finish" | "fail"> {
  readonly key: string;
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
}

export interface StreamStart {
  readonly epoch: string;
  /** The last event that the client has. */
  readonly offset: number;
}

interface Batch {
  readonly frames: readonly Frame[];
  readonly sent: number;
  readonly next: "wait" | "read on" | "end";
}

const readBatch = 64;

export function createLiveStream(
  services: Services,
  key: string,
  options: { readonly signal: AbortSignal; readonly isBusy: () => boolean },
): LiveStream {
  const { clock, store, config } = services;
  const bell = createBell(clock);
  const outbox = createOutbox(bell.ring);
  let stalledSince: number | undefined;
  let claimed = false;
  options.signal.addEventListener("abort", bell.ring, { once: true });
  const intervalMs = () =>
    claimed || options.isBusy() ? config.timers.pingBusyMs : config.timers.pingIdleMs;

  const nextBatch = async (epoch: string, sent: number): Promise<Batch> => {
    const read = outbox.ending() ? undefined : await store.read(key, sent, readBatch);
    const ending = outbox.ending() ?? displacement(read, epoch);
    if (ending || !read) return { frames: ending?.frame ? [ending.frame] : [], sent, next: "end" };
    const entries = entriesOf(read);
    const events = entries.map(eventFrame);
    return {
      frames: [...events, ...outbox.drain()],
      sent: sent + entries.length,
      next: entries.length === readBatch ? "read on" : "wait",
    };
  };

  async function* run(start: StreamStart): AsyncIterable<Frame> {
    let sent = start.offset;
    let quietSince = clock.now();
    while (!options.signal.aborted) {
      bell.reset();
      const batch = await nextBatch(start.epoch, sent);
      sent = batch.sent;
      yield* batch.frames;
      if (batch.next === "end") return;
      if (batch.frames.length > 0) quietSince = clock.now();
      if (batch.next === "read on") continue;
      if (clock.now() - quietSince >= intervalMs()) {
        yield await pingFrame(services, key, intervalMs());
        quietSince = clock.now();
      }
      await bell.wait(quietSince + intervalMs());
    }
  }

  return {
    key,
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

/** The mailbox is another one now: a newer stream has taken over, or else the endpoint signed out. */
function displacement(read: MailboxRead | undefined, epoch: string): { readonly frame: Frame } | undefined {
  if (read?.head.epoch === epoch) return undefined;
  return { frame: goAway(GoAway_Action.STOP, read ? ErrorCode.SUPERSEDED : ErrorCode.UNSPECIFIED) };
}

function eventFrame(entry: MailboxEntry): Frame {
  return { frame: { case: "event", value: decodeEvent(entry.bytes, entry.offset) } };
}

async function pingFrame({ store, clock }: Services, key: string, nextInMs: number): Promise<Frame> {
  const head = (await store.read(key, 0, 0))?.head;
  const value = {
    topOffset: BigInt(head?.top ?? 0),
    nextIn: durationFromMs(nextInMs),
    serverTime: timestampFromMs(clock.now()),
  };
  return { frame: { case: "ping", value } };
}
