import { EndReason } from "@peerline/protocol";
import { afterEach, describe, expect, test } from "vitest";
import { closedPolicy, developmentPolicy, type Policy } from "../policy.ts";
import { accept, alerting, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";
import { active, outcome, over } from "../testing/outage.ts";

let harness: Harness;
let bob: TestEndpoint;
afterEach(() => harness.close());

async function start(policy: Policy): Promise<void> {
  harness = await startHarness({ policy });
  bob = await harness.open("bob");
}

/** Rings Bob for as long as a caller may ask. */
async function ring(user: string, callId = newCallId()) {
  const caller = await harness.open(user);
  const result = await caller.run(invite(callId, "bob", { ringFor: { seconds: 120n } }));
  return { caller, callId, result };
}
const strangers = async () => [await ring("eve"), await ring("max"), await ring("sam")] as const;

const friendly: Policy = { ...closedPolicy, contactsOf: () => ["fay", "flo", "fin"] };
const flattening: Policy = {
  ...developmentPolicy,
  mayCall: (from) => (["fay", "flo", "fin"].includes(from) ? "ring" : "relay-until-accept"),
};

describe.each([
  ["contacts of the callee", friendly],
  ["a permission", flattening],
  ["nothing", closedPolicy],
  ["nothing, in development", developmentPolicy],
])("strangers, whom a policy tells by %s", (_name, policy) => {
  test("cannot make anyone busy: the one who has rung the longest makes room", async () => {
    await start(policy);
    const [eve] = await strangers();
    const fay = await ring("fay");
    expect(fay.result.applied).toBe(true);
    expect(await eve.caller.event("ended")).toMatchObject({ reason: EndReason.NO_ANSWER });
    expect(await heard(bob)).toEqual(["incoming", "incoming", "incoming", "ended", "incoming"]);
    expect(outcome(await bob.run(accept(fay.callId)))).toEqual(active);
  });
});

test.each([
  ["contacts of the callee", friendly],
  ["a permission", flattening],
])(
  "one stranger who rings keeps no friend away, told by %s: a phone rings for one call only",
  async (_name, policy) => {
    await start(policy);
    const eve = await ring("eve");
    const fay = await ring("fay");
    expect(await eve.caller.event("ended")).toMatchObject({ reason: EndReason.NO_ANSWER });
    expect(await heard(bob)).toEqual(["incoming", "ended", "incoming"]);
    expect(outcome(await bob.run(accept(fay.callId)))).toEqual(active);
  },
);

test("a stranger takes no friend's place, and rings as soon as one is free", async () => {
  await start(friendly);
  const fay = await ring("fay");
  await ring("flo");
  await ring("fin");
  expect(outcome((await ring("eve")).result)).toEqual(over(EndReason.BUSY));
  await fay.caller.run(end(fay.callId));
  expect((await ring("eve")).result.applied).toBe(true);
});

test("a call that was taken in the same moment makes no room, and then the callee is busy by talk", async () => {
  await start(friendly);
  const [eve] = await strangers();
  await bob.run(alerting(eve.callId));
  await bob.run(accept(eve.callId));
  expect(outcome((await ring("fay")).result)).toEqual(over(EndReason.BUSY));
});

test("an account that rings from several devices takes its own places", async () => {
  await start(closedPolicy);
  const fay = await ring("fay");
  for (let count = 0; count < 3; count++) await ring("eve");
  await bob.run(alerting(fay.callId));
  expect(await heard(fay.caller)).toEqual(["remoteAlerting"]);
});

test("a policy that cannot say who is a contact lets nobody be kept away", async () => {
  await start({
    ...closedPolicy,
    contactsOf() {
      throw new Error("down");
    },
  });
  await strangers();
  expect((await ring("fay")).result.applied).toBe(true);
});
