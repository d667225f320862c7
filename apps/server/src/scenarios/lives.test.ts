import { ConnectError } from "@connectrpc/connect";
import { DetachRequest_Intent, ErrorCode, ErrorSchema, GoAway_Action } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;

beforeEach(async () => {
  harness = await startHarness();
  ada = await harness.open("ada");
  bob = await harness.open("bob");
});
afterEach(() => harness.close());

const life = (requestNumber: number, name = 1) => ({
  id: new Uint8Array(8).fill(name),
  started: { seconds: BigInt(name), nanos: 0 },
  requestNumber,
});
type Asking = ReturnType<typeof life>;

/** How the server refuses it; undefined: it does not. */
async function refusal(asking: Asking, carrier: "receive" | "poll"): Promise<ErrorCode | undefined> {
  const headers = { Authorization: `Bearer ${bob.token}` };
  const request = {
    endpointId: bob.endpointId,
    client: { protocolMin: 1, protocolMax: 1, product: "test" },
    life: asking,
  };
  try {
    if (carrier === "poll") await bob.client.poll({ receive: request }, { headers });
    else for await (const _frame of bob.client.receive(request, { headers })) return undefined;
  } catch (reason) {
    return ConnectError.from(reason).findDetails(ErrorSchema)[0]?.code;
  }
}

const detach = (leaving: Asking, intent: DetachRequest_Intent) =>
  bob.client.detach(
    { endpointId: bob.endpointId, intent, life: leaving },
    { headers: { Authorization: `Bearer ${bob.token}` } },
  );

/** The stream that is open is still the endpoint's. */
async function stillRings(): Promise<boolean> {
  const callId = newCallId();
  await ada.run(invite(callId, "bob"));
  return Buffer.compare((await bob.event("incoming")).call?.callId ?? new Uint8Array(), callId) === 0;
}

test.each([
  ["a copy of the request that opened the stream", life(2), ErrorCode.REPEATED],
  ["a request that was overtaken", life(1), ErrorCode.REPEATED],
  ["a request of a life before", life(9, 0), ErrorCode.SUPERSEDED],
] as const)("63: %s, as Receive or as Poll, is refused and disturbs nothing", async (_name, asking, code) => {
  await bob.reopen({ life: life(2) });
  expect([await refusal(asking, "receive"), await refusal(asking, "poll")]).toEqual([code, code]);
  expect(await stillRings()).toBe(true);
});

test("63: a stream that a newer request of the same life replaces may come back, one that another life replaces not", async () => {
  const ends = async (next: Asking) => {
    const ended = bob.untilEnd();
    await bob.reopen({ life: next });
    const last = await ended;
    return last?.case === "goAway" ? [last.value.action, last.value.reason] : [];
  };
  await bob.reopen({ life: life(1) });
  expect(await ends(life(2))).toEqual([GoAway_Action.RESUME, ErrorCode.SUPERSEDED]);
  expect(await ends(life(1, 2))).toEqual([GoAway_Action.STOP, ErrorCode.SUPERSEDED]);
});

test.each([
  ["a page before", life(9, 0)],
  ["the page that was cached and is back", life(1)],
] as const)(
  "63: a Detach of %s that comes behind the next stream, also one that signs out, changes nothing",
  async (_name, leaving) => {
    await bob.reopen({ life: life(2) });
    for (const intent of [DetachRequest_Intent.PAGE_GONE, DetachRequest_Intent.SIGN_OUT])
      await detach(leaving, intent);
    expect(await stillRings()).toBe(true);
  },
);

test.each([
  ["its newest stream", life(2)],
  ["one whose request was lost", life(3)],
  ["a page after it, whose requests were lost", life(1, 3)],
] as const)("a Detach of %s ends the stream that is open", async (_name, leaving) => {
  await bob.reopen({ life: life(2) });
  const ended = bob.untilEnd();
  await detach(leaving, DetachRequest_Intent.SIGN_OUT);
  expect((await ended)?.case).toBe("goAway");
});

test("a life whose clock was set back is served once the stream before it is closed", async () => {
  await bob.reopen({ life: life(1, 9) });
  bob.cut();
  await harness.logged("endpoint detached");
  expect((await bob.reopen({ life: life(1, 3) })).generation).toBe(3n);
  expect(await stillRings()).toBe(true);
});
