import { developmentPolicy, startServer } from "@peerline/server";
import { expect, test } from "vitest";
import { until } from "./testing/node-peerline.ts";
import { isRung, peopleOnServer } from "./testing/people.ts";

const { online } = peopleOnServer(() =>
  startServer({ dev: true, port: 0, policy: { ...developmentPolicy, contactsOf: () => ["ben", "fay"] } }),
);

test("a friend rings a person at whom a stranger rings, who is told that nobody answered", async () => {
  const ben = await online("ben");
  const eve = await online("eve");
  const fay = await online("fay");
  const first = eve.dial("ben", "audio");
  await until(ben, isRung);
  const second = fay.dial("ben", "audio");
  const { call } = await until(ben, (view) => isRung(view) && view.call?.callId === second);
  expect([call?.remote?.user, call?.callId === first]).toEqual(["fay", false]);
  const { call: over } = await until(eve, (view) => view.call?.end !== undefined);
  expect(over?.end?.reason).toBe("no-answer");
  await until(fay, (view) => view.call?.callId === second && view.call.phase === "ringing");
  expect(fay.view().call?.end).toBeUndefined();
});
