import { EndReason, type Event, Role } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accept, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";
import { active, outcome, over, reattach, startOutage, talk } from "../testing/outage.ts";

const hourMs = 60 * 60_000;
/** Nobody has to prove that they are alive for a day, so that a test need not send heartbeats all night. */
const timers = {
  unreachableMs: 24 * hourMs,
  leaseMs: 24 * hourMs,
  tokenLifeMs: 24 * hourMs,
  streamLifeMs: 24 * hourMs,
  pingBusyMs: hourMs,
  pingIdleMs: hourMs,
};

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  harness = await startHarness({ timers });
  [ada, bob] = [await harness.open("ada"), await harness.open("bob")];
});
afterEach(() => harness.close());

const texts = ({ events }: TestEndpoint) =>
  events.flatMap(({ body }: Event) => (body.case === "notice" ? [body.value.text] : []));

test("102: a call is warned at 11:55 and ends at 12:00", async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
  await harness.clock.advance(11 * hourMs + 55 * 60_000 - 1);
  expect([await heard(ada), await heard(bob)]).toEqual([["accepted"], ["incoming", "accepted"]]);
  await harness.clock.advance(1);
  await Promise.all([ada.event("notice"), bob.event("notice")]);
  const warning = "This call ends in 5 minutes: none lasts longer than 12 hours.";
  expect([texts(ada), texts(bob)]).toEqual([[warning], [warning]]);
  await harness.clock.advance(5 * 60_000 - 1);
  expect(await heard(ada)).toEqual(["accepted", "notice"]);
  await harness.clock.advance(1);
  for (const endpoint of [ada, bob]) {
    expect(await endpoint.event("ended")).toMatchObject({
      reason: EndReason.MAX_DURATION,
      by: Role.SERVER,
      talked: { seconds: BigInt((12 * hourMs) / 1000) },
    });
  }
  expect(outcome(await ada.run(end(callId)))).toEqual(over(EndReason.MAX_DURATION));
});

test("102: a call that ends before is neither warned nor ended again", async () => {
  await ada.run(invite(callId, "bob"));
  await bob.run(accept(callId));
  await harness.clock.advance(hourMs);
  await ada.run(end(callId));
  await harness.clock.advance(12 * hourMs);
  expect([await heard(ada), await heard(bob)]).toEqual([["accepted"], ["incoming", "accepted", "ended"]]);
});

test("102: the twelve hours go on where a restarted server takes the call back", async () => {
  const outage = await startOutage({ timers });
  [ada, bob] = [await outage.harness().open("ada"), await outage.harness().open("bob")];
  const { callers } = await talk(ada, bob, callId);
  await outage.harness().clock.advance(11 * hourMs);
  await outage.restart();
  [ada, bob] = [await outage.back(ada), await outage.back(bob)];
  expect(outcome(await ada.run(reattach(callers, callId)))).toEqual(active);
  await outage.harness().clock.advance(hourMs);
  expect((await ada.event("ended")).reason).toBe(EndReason.MAX_DURATION);
  await outage.close();
});
