import { startServer } from "@peerline/server";
import { describe, expect, test } from "vitest";
import { accountOf } from "./account.ts";
import { byName, namedOptions } from "./by-name.ts";
import { createPeerline } from "./create-peerline.ts";
import type { Peerline, PeerlineOptions } from "./peerline.ts";
import { until } from "./testing/node-peerline.ts";
import { isRung, peopleOnServer } from "./testing/people.ts";

const { online } = peopleOnServer(() => startServer({ dev: true, port: 0 }));

describe("people who sign in by name", () => {
  test("in another form of Unicode and in capitals are one; and are called by name", async () => {
    const bob = await online("Bob");
    const jose = await online("José");
    const called: string[] = [];
    jose.subscribe(({ call }) => called.push(call?.callId ?? ""));
    const callId = bob.dial("  JOSE\u0301 ", "audio");
    await until(jose, isRung);
    expect(called).toContain(callId);
    expect(jose.view().call?.remote).toMatchObject({ user: "bob", displayName: "Bob" });
    bob.hangUp();
  });

  test("with different names are two: the one who was not called hears nothing", async () => {
    const [plus, sharp, caller] = [await online("C++"), await online("C#"), await online("caller")];
    caller.dial("C++", "audio");
    await until(plus, isRung);
    expect([plus.view().call?.phase, sharp.view().call]).toEqual(["incoming", undefined]);
    caller.hangUp();
  });

  test("may have long names, which stay apart", async () => {
    const long = await online(`${"é".repeat(63)}1`);
    const other = await online(`${"é".repeat(63)}2`);
    other.dial(`${"é".repeat(63)}1`, "audio");
    await until(long, isRung);
    expect(long.view().call?.remote.displayName).toBe(`${"é".repeat(63)}2`);
    other.hangUp();
  });
});

const options: PeerlineOptions = {
  serverUrl: "http://localhost:1",
  user: "Ana",
  rtc: {
    createConnection() {
      throw new Error("nobody calls");
    },
  },
};

test.each(["", "  ", "\u200b\u202e", "\u0301", "\ud800"])(
  "a name like %j is refused with the fix",
  (user) => {
    expect(() => createPeerline({ ...options, user })).toThrow(/^user is ".*": give a name /);
  },
);

test("accounts of the application's own are left as they are", () => {
  const own: PeerlineOptions = { ...options, user: "User|Ä 1", getToken: () => Promise.reject(new Error()) };
  const peerline = {} as Peerline;
  expect([namedOptions(own), byName(peerline, own)]).toEqual([own, peerline]);
  expect(byName(peerline, own)).toBe(peerline);
});

test("a message to a user may name them too, and one of a call stays as it is", () => {
  const sent: unknown[] = [];
  const peerline = { sendExtension: (message: { to: unknown }) => sent.push(message.to) };
  const named = byName(peerline as never, options);
  const message = { type: "acme.com/x", value: new Uint8Array() };
  named.sendExtension({ ...message, to: { user: "Jo Ann" } });
  named.sendExtension({ ...message, to: { callId: "00" } });
  expect(sent).toEqual([{ user: accountOf("jo ann") }, { callId: "00" }]);
});
