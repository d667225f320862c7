import { expect, test, vi } from "vitest";
import type { OpenRequest } from "../state/open-peerline.ts";
import { createFakePeerline } from "../testing/fake-peerline.ts";
import { fakeCall, fakeView } from "../testing/fake-views.ts";
import { createLabDesk } from "./lab-desk.ts";

const quiet = { microphone: "off", camera: "off" } as const;
const idle = fakeView({ people: [] });

function createDesk(ping: () => Promise<number> = async () => 12) {
  const peerline = createFakePeerline(idle, ping);
  const requests: OpenRequest[] = [];
  const desk = createLabDesk({
    open: async (request) => {
      requests.push(request);
      return peerline;
    },
    name: "alice",
    other: "ana",
    serverUrl: "http://server",
    now: () => 1_000,
  });
  return { desk, peerline, requests };
}

async function registered(ping?: () => Promise<number>) {
  const parts = createDesk(ping);
  parts.desk.run("register");
  await vi.waitUntil(() => parts.desk.view.value);
  return parts;
}

function lines({ journal }: ReturnType<typeof createLabDesk>): readonly string[] {
  return journal.entries.value.map((entry) => (entry.kind === "line" ? entry.text : entry.signal.type));
}

test("nothing is opened before the first step", () => {
  const { desk, requests } = createDesk();
  desk.run("ping");
  desk.run("offer");
  expect(requests).toEqual([]);
  expect(desk.view.value).toBeUndefined();
});

test("registering opens an endpoint that accepts test offers by itself", async () => {
  const { desk, requests } = await registered();
  expect(requests).toEqual([
    { name: "alice", serverUrl: "http://server", autoAccept: "data", onSignal: desk.journal.note },
  ]);
  expect(desk.isRegistered.value).toBe(true);
});

test("a failed registration is said and may be tried again", async () => {
  const desk = createLabDesk({
    open: () => Promise.reject(new Error("no server")),
    name: "alice",
    other: "ana",
    serverUrl: "http://server",
    now: () => 1_000,
  });
  desk.run("register");
  await vi.waitUntil(() => !desk.isRegistered.value);
  expect(lines(desk)).toEqual(["registering as alice at http://server", "could not register: no server"]);
});

test("every signal is in the log", async () => {
  const { desk, requests } = await registered();
  requests[0]?.onSignal?.({ direction: "sent", type: "invite", bytes: 10, at: 1_500 });
  expect(lines(desk).at(-1)).toBe("invite");
});

test("a ping shows its round trip", async () => {
  const { desk } = await registered();
  desk.run("ping");
  await vi.waitUntil(() => desk.ping.pongMs.value);
  expect(desk.ping.pongMs.value).toBe(12);
  expect(lines(desk).slice(-2)).toEqual(["ping → ana", "pong ← ana after 12 ms"]);
});

test("a ping without an answer says so", async () => {
  const { desk } = await registered(() => Promise.reject(new Error("ana did not answer")));
  desk.run("ping");
  await vi.waitUntil(() => !desk.ping.isPinging.value);
  expect(lines(desk).at(-1)).toBe("no pong: ana did not answer");
});

test("the steps of a call reach the client", async () => {
  const { desk, peerline } = await registered();
  desk.run("offer");
  desk.run("start");
  desk.run("hang-up");
  expect(peerline.requests).toEqual([
    { type: "dial", user: "ana", kind: "data" },
    { type: "setMicrophone", on: true },
    { type: "setCamera", on: true },
    { type: "hangUp" },
  ]);
});

test("the devices are turned on when the other side's are, once", async () => {
  const { peerline } = await registered();
  const remoteMedia = { microphone: true, camera: true };
  const call = fakeCall("live", { kind: "data", local: quiet, remoteMedia });
  peerline.show({ ...idle, call });
  peerline.show({ ...idle, call: { ...call, interruptions: 1 } });
  expect(peerline.requests).toEqual([
    { type: "setMicrophone", on: true },
    { type: "setCamera", on: true },
  ]);
});

test("the end of a call leads back to the beginning", async () => {
  const { peerline } = await registered();
  peerline.show({ ...idle, call: fakeCall("ended") });
  expect(peerline.requests).toEqual([{ type: "dismiss" }]);
});

test("closing signs out, also when the endpoint opens later", async () => {
  const { desk, peerline } = createDesk();
  desk.run("register");
  desk.close();
  await vi.waitUntil(() => peerline.requests.length > 0);
  expect(peerline.requests).toEqual([{ type: "close", intent: undefined }]);
});
