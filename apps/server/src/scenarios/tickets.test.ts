import { ErrorCode } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accept, alerting, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { active, type Outage, outcome, reattach, startOutage, talk } from "../testing/outage.ts";

let outage: Outage;
let ada: TestEndpoint;
let bob: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;
const none = new Uint8Array();

async function start(options = {}) {
  outage = await startOutage(options);
  ada = await outage.harness().open("ada");
  bob = await outage.harness().open("bob");
}
beforeEach(async () => {
  callId = newCallId();
  await start();
});
afterEach(() => outage.close());

test("the caller gets a ticket with the Invite, both with the accept, and nobody else", async () => {
  const tablet = await outage.harness().open("bob");
  const ringing = await ada.run(invite(callId, "bob"));
  expect(ringing.ticket.length).toBeGreaterThan(0);
  expect((await ada.run(invite(callId, "bob"))).ticket).toEqual(ringing.ticket);
  expect((await bob.event("incoming")).call?.ticket).toEqual(none);
  expect((await bob.run(alerting(callId))).ticket).toEqual(none);
  const { ticket } = await bob.run(accept(callId));
  expect(ticket.length).toBeGreaterThan(ringing.ticket.length);
  expect([(await bob.event("accepted")).ticket, (await ada.event("accepted")).ticket]).toEqual([
    ticket,
    ticket,
  ]);
  expect((await tablet.run(accept(callId))).ticket).toEqual(none);
  expect((await bob.run(end(callId))).ticket).toEqual(none);
});

test("the snapshot has the ticket for those who are to have one", async () => {
  const tickets = async () => [
    (await ada.reopen()).snapshot?.calls[0]?.ticket,
    (await bob.reopen()).snapshot?.calls[0]?.ticket,
  ];
  const { ticket } = await ada.run(invite(callId, "bob"));
  expect(await tickets()).toEqual([ticket, none]);
  const accepted = (await bob.run(accept(callId))).ticket;
  expect(await tickets()).toEqual([accepted, accepted]);
});

test("a server that began with nothing says so for a minute", async () => {
  const { clock } = outage.harness();
  expect(ada.hello().snapshot?.serverLostState).toBe(true);
  await clock.advance(59_999);
  expect((await ada.reopen()).snapshot?.serverLostState).toBe(true);
  await clock.advance(1);
  expect((await ada.reopen()).snapshot?.serverLostState).toBe(false);
});

const secret = (letter: string) => letter.repeat(32);

test("a ticket of the secret before is good, one of an unknown secret is not", async () => {
  await outage.close();
  await start({ tickets: { secret: secret("a") } });
  const { callers } = await talk(ada, bob, callId);
  await outage.restart({ tickets: { secret: secret("c") } });
  ada = await outage.back(ada);
  expect(outcome(await ada.run(reattach(callers, callId)))).toBe(ErrorCode.BAD_TICKET);
  await outage.restart({ tickets: { secret: secret("b"), previousSecret: secret("a") } });
  ada = await outage.back(ada);
  const renewed = await ada.run(reattach(callers, callId));
  expect(outcome(renewed)).toEqual(active);
  await outage.restart({ tickets: { secret: secret("b") } });
  ada = await outage.back(ada);
  expect(outcome(await ada.run(reattach(renewed.ticket, callId)))).toEqual(active);
});
