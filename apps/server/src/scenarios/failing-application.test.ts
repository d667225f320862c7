import { create } from "@bufbuild/protobuf";
import { Code, createClient } from "@connectrpc/connect";
import { Availability, CommandSchema, SignalingService } from "@peerline/protocol";
import { afterEach, describe, expect, test } from "vitest";
import type { Identity } from "../auth/identity.ts";
import { defaultServerLimits } from "../config/defaults.ts";
import { developmentPolicy, type Policy } from "../policy.ts";
import { createMemoryStore } from "../store/memory.ts";
import { end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";

let harness: Harness;
afterEach(() => harness.close());

type Fails = () => never;
const failures: readonly (readonly [string, Fails])[] = [
  [
    "throws",
    () => {
      throw new Error("no database");
    },
  ],
  ["rejects", () => Promise.reject(new Error("no database")) as never],
  ["never answers", () => new Promise(() => {}) as never],
  ["gives nothing", () => undefined as never],
];

/** A development policy of which some functions fail, and when the first of them is asked. */
function failing(fails: Fails, names: readonly (keyof Policy)[]) {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  const fail = () => {
    resolve();
    return fails();
  };
  const policy: Policy = { ...developmentPolicy, ...Object.fromEntries(names.map((name) => [name, fail])) };
  return { policy, asked };
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "answered",
    (reason: { readonly code?: Code }) => reason.code,
  );

/** Sends one command, and lets the time of the application's answer pass. */
async function sendWaiting(endpoint: TestEndpoint, action: Action, asked: Promise<void>): Promise<unknown> {
  const command = create(CommandSchema, { clientSeq: endpoint.nextSeq(), action });
  const code = codeOf(endpoint.sendRaw([command]));
  await asked;
  await harness.clock.advance(3_000);
  return await code;
}

const shown = async (endpoint: TestEndpoint) => {
  const { items, full } = await endpoint.frame("presence");
  return [full, items.map(({ user, availability }) => [user, availability])];
};
const failuresLogged = () =>
  harness.lines.flatMap(({ message, fields }) =>
    message === "the application's code failed" ? [fields.name] : [],
  );

describe.each(failures)("a policy that %s", (_name, fails) => {
  test("makes an Invite fail as internal; nobody rings, and the next request is answered", async () => {
    const { policy, asked } = failing(fails, ["mayCall"]);
    harness = await startHarness({ policy });
    const ada = await harness.open("ada");
    const bob = await harness.open("bob");
    const callId = newCallId();
    expect(await sendWaiting(ada, invite(callId, "bob"), asked)).toBe(Code.Internal);
    expect(failuresLogged()).toEqual(["policy.mayCall"]);
    expect((await ada.reopen()).snapshot?.calls).toEqual([]);
    expect((await bob.reopen()).snapshot?.calls).toEqual([]);
  });

  test("shows everyone as offline, and the process lives through their changes", async () => {
    const { policy } = failing(fails, ["maySeePresence", "contactsOf"]);
    harness = await startHarness({ policy });
    const ada = await harness.open("ada");
    const bob = await harness.open("bob");
    await ada.run({ case: "presenceSubscribe", value: { users: ["bob"], contacts: true } });
    for (let count = 0; count < 3; count++) await harness.clock.advance(3_000);
    expect(await shown(ada)).toEqual([true, [["bob", Availability.OFFLINE]]]);
    await bob.run({ case: "presenceSet", value: { availability: Availability.BUSY } });
    bob.cut();
    await harness.logged("endpoint detached");
    await harness.clock.advance(120_000);
    expect((await ada.run(end(newCallId()))).error?.text).toContain("There is no such call");
    expect([...new Set(failuresLogged())].sort()).toEqual(["policy.contactsOf", "policy.maySeePresence"]);
  });
});

const identity: Identity = {
  user: "ada",
  displayName: "Ada",
  scopes: { place: true, receive: true, presence: true },
  expiresAt: Number.POSITIVE_INFINITY,
};
const signedIn = async () =>
  await createClient(SignalingService, harness.transport).getIceServers(
    { endpointId: new Uint8Array(16) },
    { headers: { Authorization: "Bearer x" } },
  );

describe("a verifier of the application's own", () => {
  test.each<readonly [string, () => unknown]>([
    ...failures,
    ["gives null", async () => null],
    ["gives an empty user", async () => ({ ...identity, user: "" })],
    ["gives a user beyond 128 bytes", async () => ({ ...identity, user: "x".repeat(129) })],
    ["gives half a character in a user", async () => ({ ...identity, user: "a\ud800" })],
    ["gives no scopes", async () => ({ ...identity, scopes: undefined })],
    ["gives a time that is none", async () => ({ ...identity, expiresAt: Number.NaN })],
  ])("that %s lets nobody in, and leaves no request unanswered", async (_name, verify) => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    harness = await startHarness({
      verify: () => {
        resolve();
        return verify() as never;
      },
    });
    const code = codeOf(signedIn());
    await asked;
    await harness.clock.advance(3_000);
    expect(await code).toBe(Code.Internal);
    expect(failuresLogged()).toEqual(["verify"]);
  });

  test("may give a token that never ends", async () => {
    harness = await startHarness({ verify: async () => identity });
    expect(await codeOf(signedIn())).toBe("answered");
  });
});

describe("a store that never answers", () => {
  test.each(["transact", "read"] as const)("in %s leaves no request unanswered", async (name) => {
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const clock = createVirtualClock();
    const { mailboxEvents: maxEvents, mailboxBytes: maxBytes } = defaultServerLimits;
    const store = createMemoryStore({ clock, caps: { maxEvents, maxBytes } });
    let hangs = false;
    const hanging = (async (...values: never[]) => {
      if (!hangs) return await (store[name] as (...values: never[]) => Promise<never>)(...values);
      resolve();
      return await new Promise<never>(() => {});
    }) as never;
    harness = await startHarness({ clock, store: { ...store, [name]: hanging } });
    const ada = await harness.open("ada");
    hangs = true;
    const code = codeOf(ada.sendRaw([]));
    await asked;
    await harness.clock.advance(15_000);
    expect(await code).toBe(Code.Unavailable);
    hangs = false;
  });
});

test("whom a contact list gains or loses is told within a minute", async () => {
  let contacts: readonly string[] = ["bob"];
  harness = await startHarness({ policy: { ...developmentPolicy, contactsOf: async () => contacts } });
  const ada = await harness.open("ada");
  await harness.open("bob");
  await ada.run({ case: "presenceSubscribe", value: { contacts: true } });
  expect(await shown(ada)).toEqual([true, [["bob", Availability.ONLINE]]]);
  contacts = ["carl"];
  await harness.clock.advance(60_000);
  expect(await shown(ada)).toEqual([true, [["carl", Availability.OFFLINE]]]);
});

test("a contact whom the policy cannot name for a while stays a contact", async () => {
  let isDown = false;
  const contactsOf = async () => (isDown ? Promise.reject(new Error("down")) : ["bob"]);
  harness = await startHarness({ policy: { ...developmentPolicy, contactsOf } });
  const ada = await harness.open("ada");
  const bob = await harness.open("bob");
  await ada.run({ case: "presenceSubscribe", value: { contacts: true } });
  await shown(ada);
  isDown = true;
  await harness.clock.advance(60_000);
  await bob.run({ case: "presenceSet", value: { availability: Availability.BUSY } });
  expect(await shown(ada)).toEqual([false, [["bob", Availability.BUSY]]]);
});

test("a change during a slow answer is told behind it, and a late answer never overtakes a newer one", async () => {
  const answers: ((visible: boolean) => void)[] = [];
  const maySeePresence = () => new Promise<boolean>((resolve) => answers.push(resolve));
  harness = await startHarness({ policy: { ...developmentPolicy, maySeePresence } });
  const ada = await harness.open("ada");
  const bob = await harness.open("bob");
  await harness.clock.advance(2_000);
  await ada.run({ case: "presenceSubscribe", value: { users: ["bob"] } });
  await bob.run({ case: "presenceSet", value: { availability: Availability.BUSY } });
  answers[0]?.(true);
  expect(await shown(ada)).toEqual([true, [["bob", Availability.BUSY]]]);
  await bob.run({ case: "presenceSet", value: { availability: Availability.ONLINE } });
  await harness.clock.advance(1_000);
  answers[2]?.(true);
  expect(await shown(ada)).toEqual([false, [["bob", Availability.ONLINE]]]);
  answers[1]?.(false);
  await bob.run({ case: "presenceSet", value: { availability: Availability.BUSY } });
  await harness.clock.advance(1_000);
  answers[3]?.(true);
  expect(await shown(ada)).toEqual([false, [["bob", Availability.BUSY]]]);
});
