import { ErrorCode, GoAway_Action } from "@peerline/protocol";
import { afterEach, expect, test } from "vitest";
import { createMemoryStore } from "../store/memory.ts";
import { candidates, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, type HarnessOptions, startHarness } from "../testing/harness.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";

const harnesses: Harness[] = [];
afterEach(async () => {
  for (const harness of harnesses.splice(0)) await harness.close();
});

async function start(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness({ ids: fixedIds(0.5), ...options });
  harnesses.push(harness);
  return harness;
}

/** Two servers before one store, as behind a load balancer. */
async function startPair(options: HarnessOptions) {
  const clock = createVirtualClock();
  const store = createMemoryStore({ clock, caps: { maxEvents: 512, maxBytes: 2 ** 20 } });
  const shared = { ...store, close: async () => undefined };
  const tickets = { secret: "0123456789abcdef0123456789abcdef" };
  const one = () => start({ ...options, clock, store: shared, tickets });
  return { old: await one(), young: await one(), clock };
}

function fixedIds(random: number) {
  let count = 0;
  const hex = (bytes: number) => (++count).toString(16).padStart(2 * bytes, "0");
  return { epoch: () => hex(8), party: () => hex(16), random: () => random };
}

const goneAway = async (endpoint: TestEndpoint) => {
  const { action, reason, after } = await endpoint.frame("goAway");
  return [action, reason, Number(after?.seconds ?? 0n)];
};
const resumeOf = (endpoint: TestEndpoint) => ({
  resume: { epoch: endpoint.hello().epoch, offset: endpoint.events.at(-1)?.offset ?? 0n },
});
const offsets = (endpoint: TestEndpoint) => endpoint.events.map(({ offset }) => Number(offset));

test.each([
  ["12 min", 0, 720_000],
  ["15 min", 0.5, 900_000],
  ["almost 18 min", 0.999, 1_079_640],
])("a stream is asked to be replaced after %s, as chance has it", async (_name, random, lifeMs) => {
  const harness = await start({ ids: fixedIds(random), timers: { tokenLifeMs: 3_600_000 } });
  const ada = await harness.open("ada");
  let asked = false;
  const asking = goneAway(ada).then((away) => {
    asked = true;
    return away;
  });
  await harness.clock.advance(lifeMs - 1);
  expect(asked).toBe(false);
  await harness.clock.advance(1);
  expect(await asking).toEqual([GoAway_Action.RESUME, ErrorCode.UNSPECIFIED, 0]);
});

test("a stream that is to be replaced goes on until the new one is there, and nothing is lost between", async () => {
  const harness = await start({ timers: { streamLifeMs: 60_000 } });
  const ada = await harness.open("ada");
  const bob = await harness.open("bob");
  await harness.clock.advance(60_000);
  await goneAway(bob);
  const callId = newCallId();
  await ada.run(invite(callId, "bob"));
  await bob.event("incoming");
  await ada.run(candidates(callId, 1));
  const old = bob.untilEnd();
  const hello = await bob.reopen(resumeOf(bob));
  expect([hello.resumed, (await old)?.case]).toEqual([true, "goAway"]);
  await ada.run(candidates(callId, 1, { firstIndex: 1 }));
  while (!offsets(bob).includes(3)) await bob.frame("event");
  expect([
    [...new Set(offsets(bob))],
    harness.lines.some(({ message }) => message === "endpoint detached"),
  ]).toEqual([[1, 2, 3], false]);
});

test("80: a server that drains spreads its clients over 5 s and serves each until it is elsewhere: no event is lost, no call ends", async () => {
  const { old, young, clock } = await startPair({ timers: { drainSpreadMs: 5_000, drainMs: 10_000 } });
  const ada = await young.open("ada");
  const bob = await old.open("bob");
  const callId = newCallId();
  await ada.run(invite(callId, "bob"));
  await bob.event("incoming");
  const closing = old.server.close();
  expect(await goneAway(bob)).toEqual([GoAway_Action.RESUME, ErrorCode.SHUTTING_DOWN, 2]);
  await ada.run(candidates(callId, 1));
  await bob.event("candidates");
  await clock.advance(2_500);
  await ada.run(candidates(callId, 1, { firstIndex: 1 }));
  await bob.event("candidates");
  const moved = await young.open("bob", { endpointId: bob.endpointId, ...resumeOf(bob) });
  await ada.run(candidates(callId, 1, { firstIndex: 2 }));
  await moved.event("candidates");
  bob.cut();
  await closing;
  expect([moved.hello().resumed, offsets(bob), offsets(moved)]).toEqual([true, [1, 2, 3], [4]]);
  expect((await ada.run({ case: "end", value: { callId } })).applied).toBe(true);
});
