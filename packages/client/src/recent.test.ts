import { startServer } from "@peerline/server";
import { expect, test } from "vitest";
import { until } from "./testing/node-peerline.ts";
import { isLive, isRung, peopleOnServer } from "./testing/people.ts";

const { online, inCall } = peopleOnServer(() => startServer({ dev: true, port: 0 }));

test("18: who calls someone that talks hears that they are busy; the one who talks is not rung, and reads who it was", async () => {
  const [alice, bob] = await inCall("alice-18", "bob-18");
  const carol = await online("carol-18", { displayName: "Carol" });
  const rung: string[] = [];
  bob.subscribe(({ calls }) => {
    for (const { phase, remote } of calls) if (phase === "incoming") rung.push(remote.user);
  });
  const callId = carol.dial("bob-18", "audio");
  const refused = await until(carol, ({ call }) => call?.phase === "ended");
  expect(refused.call?.end).toMatchObject({ reason: "busy", by: "server" });
  const { recent, call } = await until(bob, (view) => view.recent.length > 0);
  expect(recent).toMatchObject([
    {
      callId,
      remote: { user: "carol-18" },
      kind: "audio",
      missed: true,
      seen: false,
      end: { reason: "busy" },
    },
  ]);
  expect([call?.phase, call?.remote.user, isLive(alice.view()), rung]).toEqual([
    "live",
    "alice-18",
    true,
    [],
  ]);
  bob.markSeen([callId]);
  expect(bob.view().recent.map(({ seen }) => seen)).toEqual([true]);
});

test("11: the device that did not get the call says which one did", async () => {
  const alice = await online("alice-11");
  const tablet = await online("bob-11", { deviceId: "Kitchen tablet" });
  const phone = await online("bob-11", { deviceId: "Phone" });
  alice.dial("bob-11", "audio");
  await Promise.all([until(tablet, isRung), until(phone, isRung)]);
  tablet.accept();
  const { call, recent } = await until(phone, (view) => view.call?.phase === "ended");
  expect(call?.end).toMatchObject({ reason: "answered-elsewhere", device: "Kitchen tablet" });
  expect(recent).toMatchObject([{ missed: false, end: { device: "Kitchen tablet" } }]);
});
