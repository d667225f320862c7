import { createRouterTransport } from "@connectrpc/connect";
import { toHex } from "@peerline/call-machine/wire";
import { type Command, GoAway_Action } from "@peerline/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type ContractWorld,
  createContractWorld,
  createLoopbackService,
  sampleActions,
} from "./testing/index.ts";

const seed = 20_260_101;
/** However bad it was: when nothing new goes wrong, everything has arrived by then. */
const settledWithinMs = 300_000;

const stepNames = [
  "emit",
  "send",
  "cut",
  "duplicate",
  "skip",
  "loseResponse",
  "swallowResponse",
  "rejectToken",
  "wake",
  "drain",
  "losePoll",
  "buffer",
  "unbuffer",
  "hide",
  "show",
  "offline",
  "online",
  "wait",
  "settle",
] as const;
type Step = (typeof stepNames)[number];
const steps = fc.array(fc.constantFrom(...stepNames), { minLength: 1, maxLength: 80, size: "max" });

interface Tally {
  emitted: number;
  sent: number;
}

/** Does one thing to the session or to the world around it. */
async function take(world: ContractWorld, step: Step, tally: Tally): Promise<void> {
  const { service } = world;
  if (step === "emit") world.emit(String(++tally.emitted));
  if (step === "send") world.session.send(sampleActions.relay("1", (++tally.sent).toString(16)));
  if (step === "cut") service.cut();
  if (step === "duplicate") service.faults.duplicateEvents++;
  if (step === "skip") service.faults.skipEvents++;
  if (step === "loseResponse") service.faults.loseResponses++;
  if (step === "swallowResponse") service.faults.swallowResponses++;
  if (step === "rejectToken") service.faults.rejectTokens++;
  if (step === "wake") world.session.wake();
  if (step === "drain") service.goAway(GoAway_Action.RESUME, 100);
  if (step === "losePoll") service.faults.losePolls++;
  if (step === "buffer" || step === "unbuffer") service.faults.bufferStreams = step === "buffer";
  if (step === "hide" || step === "show") world.session.preferPolling(step === "hide");
  if (step === "offline" || step === "online") world.session.setOnline(step === "online");
  if (step === "wait") await wait(world);
  if (step === "settle") await settled(world, tally);
}

function messageNumber(action: Command["action"]): number {
  return action.case === "relay" ? Number.parseInt(toHex(action.value.messageId), 16) : 0;
}

/** Every fifth message is one that the server cannot read. */
const isBad = (number: number): boolean => number % 5 === 0;

/** The messages that have a result, in order; a refused one is negative. */
function results({ inputs }: ContractWorld): readonly number[] {
  return inputs.all.flatMap((input) => {
    if (input.type !== "result") return [];
    return [messageNumber(input.action) * (input.result.error ? -1 : 1)];
  });
}

/** Long enough for two silent streams, a Poll in their place, or a heartbeat that is lost. */
async function wait(world: ContractWorld): Promise<void> {
  for (let second = 0; second < 12; second++) {
    world.clock.advanceBy(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Waits until everything that was asked for has happened; the clock moves whenever the session waits for it. */
async function settled(world: ContractWorld, { emitted, sent }: Tally): Promise<void> {
  world.session.setOnline(true);
  const latest = world.clock.now() + settledWithinMs;
  while (world.texts().length < emitted || results(world).length < sent) {
    if (world.clock.now() > latest) throw new Error("the session is stuck");
    world.service.ping();
    world.clock.advanceBy(Math.max(0, Math.min(1_000, world.clock.nextTimerAt() - world.clock.now())));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const countTo = (n: number): readonly number[] => Array.from({ length: n }, (_, index) => index + 1);

test("whatever is cut, lost, doubled, buffered or carried otherwise: events 1 to n once and in order, each command and each result once", async () => {
  const carriers = { stream: 0, poll: 0 };
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (script, hidden) => {
      const service = createLoopbackService();
      service.faults.isMalformed = ({ action }) => isBad(messageNumber(action));
      const world = createContractWorld(service, createRouterTransport(service.routes));
      world.session.preferPolling(hidden);
      await world.live();
      world.session.setCalls([{ callId: "ab".repeat(16), mediaAlive: true }]);
      const tally: Tally = { emitted: 0, sent: 0 };
      for (const step of script) await take(world, step, tally);
      await settled(world, tally);
      world.session.stop("page-gone");
      for (const { carrier } of world.observed.all) if (carrier) carriers[carrier]++;
      const sent = countTo(tally.sent);
      expect(world.texts()).toEqual(countTo(tally.emitted).map(String));
      expect(service.mailbox.executed.map(({ action }) => messageNumber(action))).toEqual(
        sent.filter((n) => !isBad(n)),
      );
      expect(results(world)).toEqual(sent.map((n) => (isBad(n) ? -n : n)));
    }),
    { seed, numRuns: 300 },
  );
  expect(Math.min(carriers.stream, carriers.poll)).toBeGreaterThan(1_000);
}, 60_000);
