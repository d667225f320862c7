import { startServer } from "@peerline/server";
import { expect, test } from "vitest";
import { until } from "./testing/node-peerline.ts";
import { isLive, peopleOnServer } from "./testing/people.ts";

const { online, inCall } = peopleOnServer(() =>
  startServer({ dev: true, port: 0, timers: { unreachableMs: 500 } }),
);

test("a talk goes on by itself, as muted as it was, when the other one calls from another device because the first is gone", async () => {
  const [alice, bob] = await inCall("alice", "bob");
  const first = bob.view().call?.callId;
  bob.setMicrophone(false);
  await until(alice, ({ call }) => call?.remoteMedia?.microphone === false);
  alice.close("page-gone");
  await until(bob, ({ call }) => call?.remoteReachable === false);

  const tablet = await online("alice");
  const second = tablet.dial("bob", "audio");
  const { call, calls } = await until(bob, (view) => isLive(view) && view.call?.callId === second);
  expect([call?.role, call?.local.microphone, calls.length]).toEqual(["callee", "off", 1]);
  expect(first).not.toBe(second);
  bob.setMicrophone(true);
  await until(tablet, (view) => view.call?.remoteMedia?.microphone === true);
});
