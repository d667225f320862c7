import type { RecentCall } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { sessionMemory } from "./call-memory.ts";

const muted = { revision: 4, microphone: false, camera: true, onHold: false };

function fakeStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    clear: () => items.clear(),
    getItem: (key) => items.get(key) ?? null,
    key: (index) => [...items.keys()][index] ?? null,
    removeItem: (key) => void items.delete(key),
    setItem: (key, value) => void items.set(key, value),
  };
}

test("what was sent in a call is known after a reload, and forgotten when the call is over", () => {
  const storage = fakeStorage();
  sessionMemory(() => storage).save("0a", muted);
  expect(sessionMemory(() => storage).load("0a")).toEqual(muted);
  sessionMemory(() => storage).save("0a", undefined);
  expect([sessionMemory(() => storage).load("0a"), storage.length]).toEqual([undefined, 0]);
});

test("what somebody else wrote there is nothing, or opens no microphone", () => {
  const storage = fakeStorage();
  storage.setItem("peerline.call.0a", "{");
  storage.setItem("peerline.call.0b", "{}");
  storage.setItem("peerline.call.0c", '{"revision":2,"microphone":"yes"}');
  storage.setItem("peerline.call.0e", '{"revision":4294967295}');
  storage.setItem("peerline.call.0f", '{"revision":-1}');
  const memory = sessionMemory(() => storage);
  expect(["0a", "0b", "0c", "0d", "0e", "0f"].map((callId) => memory.load(callId))).toEqual([
    undefined,
    undefined,
    { revision: 2, microphone: false, camera: false, onHold: false },
    undefined,
    undefined,
    undefined,
  ]);
});

test("a storage that is refused or missing keeps nothing, and breaks nothing", () => {
  const refused = sessionMemory(() => {
    throw new Error("SecurityError");
  });
  refused.save("0a", muted);
  expect(refused.load("0a")).toBeUndefined();
  expect(sessionMemory(() => undefined).load("0a")).toBeUndefined();
});

const missed: RecentCall = {
  callId: "0a",
  role: "callee",
  remote: { user: "ben", displayName: "Ben" },
  kind: "audio",
  end: { reason: "no-answer", by: "server", at: 5, talkedMs: undefined },
  missed: true,
  seen: false,
};

test("the calls that are over are known after a reload, to the same user alone", () => {
  const storage = fakeStorage();
  sessionMemory(() => storage).saveRecent?.("ana", [missed]);
  const reloaded = sessionMemory(() => storage);
  expect(reloaded.loadRecent?.("ana")).toEqual([missed]);
  expect(reloaded.loadRecent?.("eve")).toEqual([]);
  reloaded.saveRecent?.("ana", []);
  expect([reloaded.loadRecent?.("ana"), storage.length]).toEqual([[], 0]);
});

test.each(["{", "7", '[{}, null, "x"]', '[{"callId":"0a","role":"callee","kind":"audio"}]'])(
  "a history that reads %s is none",
  (text) => {
    const storage = fakeStorage();
    storage.setItem("peerline.recent.ana", text);
    expect(sessionMemory(() => storage).loadRecent?.("ana")).toEqual([]);
  },
);

test.each([{ at: 1e300 }, { at: -1 }, { at: "5" }, { at: null }, { talkedMs: -1 }, { talkedMs: "long" }])(
  "a call of the history whose end says %j is left out",
  (change) => {
    const storage = fakeStorage();
    const strange = { ...missed, end: { ...missed.end, ...change } };
    storage.setItem("peerline.recent.ana", JSON.stringify([strange, missed]));
    expect(sessionMemory(() => storage).loadRecent?.("ana")).toEqual([missed]);
  },
);
