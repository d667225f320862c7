import { setImmediate } from "node:timers/promises";
import type { Random } from "@peerline/call-machine/testing";
import { CallPhase } from "@peerline/protocol";
import { newCallId } from "../testing/commands.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { outcomeOf } from "./answer.ts";
import { type Attacker, type AttackerPost, attackersWords, openAttacker } from "./attackers.ts";
import { type Bystanders, openBystanders } from "./bystanders.ts";
import { http1Poster, http2Poster, type Poster } from "./post.ts";
import { createTally, type Tally, type TallyKeeper } from "./tally.ts";

/** What the inputs came to, and what they left behind. */
export interface ServiceReport extends Tally {
  /** Used bytes after a collection, after the first tenth of the inputs and at the end; 0 without `--expose-gc`. */
  readonly heapBytes: { readonly afterTenth: number; readonly atEnd: number };
  /** The call of two others is accepted and unchanged but for what these two said themselves. */
  readonly undisturbed: boolean;
}

const attackerCount = 16;
/** Longer than a Poll is held, shorter than a lease. */
const betweenBatchesMs = 26_000;
const triedCalls = 6;
const maxRounds = 40;
const heapAfter = 1 / 10;
const dayMs = 24 * 60 * 60 * 1_000;
/** The clock runs through days: what ends calls and tokens by age is not what is looked for. */
const timers = { tokenLifeMs: 1_000 * dayMs, maxCallMs: 1_000 * dayMs, ticketLifeMs: 1_000 * dayMs };

/**
 * Posts `count` mutants of requests to a server of its own, over HTTP/1.1 and HTTP/2 by turns, while two others hold a
 * call. Same `random`, same mutations; ids are the server's. Rejects only when the two others cannot go on.
 */
export async function fuzzService(count: number, random: Random): Promise<ServiceReport> {
  const tally = createTally();
  const stopWatching = watchProcess(tally);
  const harness = await startHarness({ timers, logger: bugLogger(tally) });
  const http2 = http2Poster(harness.server.url);
  try {
    const fuzz: Fuzz = {
      tally,
      random,
      harness,
      others: await openBystanders(harness),
      attackers: await openAttackers(harness),
      posters: [http1Poster(harness.server.url), http2.post],
      callIds: [],
    };
    const before = await fuzz.others.look();
    const heap = { afterTenth: 0, atEnd: 0 };
    for (let sent = 0; sent < count; ) {
      const batch = Math.min(attackerCount, count - sent);
      await runBatch(fuzz, batch);
      sent += batch;
      if (heap.afterTenth === 0 && sent >= count * heapAfter) heap.afterTenth = await usedHeap();
    }
    await fuzz.others.talk();
    const undisturbed = isSameCall(before, await fuzz.others.look());
    if (!undisturbed) tally.defect({ target: "bystanders", what: "their call has changed", hex: "" });
    heap.atEnd = await usedHeap();
    return { ...tally.report(count), heapBytes: heap, undisturbed };
  } finally {
    http2.close();
    await harness.close();
    stopWatching();
  }
}

interface Fuzz {
  readonly tally: TallyKeeper;
  readonly random: Random;
  readonly harness: Harness;
  readonly others: Bystanders;
  readonly attackers: readonly Attacker[];
  readonly posters: readonly Poster[];
  /** Of the calls that attackers try to make, the newest last. */
  readonly callIds: Uint8Array[];
}

function openAttackers(harness: Harness): Promise<readonly Attacker[]> {
  return Promise.all(
    Array.from({ length: attackerCount }, (_, index) => openAttacker(harness, `eve-${index}`)),
  );
}

/** One request of each attacker at once; then time passes, until the Polls are answered too. */
async function runBatch(fuzz: Fuzz, size: number): Promise<void> {
  const { attackers, callIds, harness, others, random } = fuzz;
  const batch = attackers.slice(0, size);
  callIds.push(newCallId());
  if (callIds.length > triedCalls) callIds.shift();
  for (const attacker of batch) await attacker.ready();
  const words = attackersWords(attackers, others, callIds);
  const posts = batch.map((attacker) => ({ attacker, post: attacker.next(random, words) }));
  const sent = posts.map(({ attacker, post }, index) => ({
    post,
    done: sendOne(fuzz, attacker, post, index),
  }));
  await Promise.all(sent.filter(({ post }) => post.method.name !== "Poll").map(({ done }) => done));
  let pending = true;
  const all = Promise.all(sent.map(({ done }) => done)).then(() => {
    pending = false;
  });
  for (let round = 0; round === 0 || (pending && round < maxRounds); round++) {
    await harness.clock.advance(betweenBatchesMs);
    await others.live();
  }
  await all;
  await others.talk();
}

async function sendOne(fuzz: Fuzz, attacker: Attacker, post: AttackerPost, index: number): Promise<void> {
  const { tally, posters } = fuzz;
  const { method, body } = post;
  try {
    const poster = posters[index % posters.length];
    if (!poster) throw new RangeError("nothing to post with");
    const answer = await poster(post);
    tally.count(`${method.name} ${outcomeOf(method, answer)}`);
    attacker.heard(method, answer);
  } catch (reason) {
    tally.count(`${method.name} defect`);
    tally.defect({ target: method.name, what: String(reason), hex: Buffer.from(body).toString("hex") });
  }
}

function isSameCall(
  before: Awaited<ReturnType<Bystanders["look"]>>,
  after: Awaited<ReturnType<Bystanders["look"]>>,
): boolean {
  const essence = (look: typeof before) =>
    JSON.stringify(
      look.map(({ calls }) =>
        calls.map(({ callId, rev, phase, remote }) => [[...callId], String(rev), phase, remote?.user]),
      ),
    );
  const active = after.every(({ calls }) => calls[0]?.phase === CallPhase.ACTIVE);
  return active && essence(before) === essence(after);
}

/** What nobody handled, while it watches, is a defect. */
function watchProcess(tally: TallyKeeper): () => void {
  const onReject = (reason: unknown) =>
    tally.defect({ target: "process", what: `unhandled rejection: ${String(reason)}`, hex: "" });
  const onThrow = (reason: unknown) =>
    tally.defect({ target: "process", what: `uncaught exception: ${String(reason)}`, hex: "" });
  process.on("unhandledRejection", onReject);
  process.on("uncaughtException", onThrow);
  return () => {
    process.off("unhandledRejection", onReject);
    process.off("uncaughtException", onThrow);
  };
}

/** The server's own word for a bug is a warning. */
function bugLogger(tally: TallyKeeper) {
  const warn = (message: string, fields?: Readonly<Record<string, unknown>>) => {
    if (message.includes("bug")) {
      tally.defect({ target: "server", what: `${message}: ${String(fields?.reason)}`, hex: "" });
    }
  };
  return { debug() {}, info() {}, warn };
}

async function usedHeap(): Promise<number> {
  await setImmediate();
  const { gc } = globalThis;
  if (!gc) return 0;
  await gc({ execution: "async", type: "major" });
  gc();
  return process.memoryUsage().heapUsed;
}
