import { Code, createClient } from "@connectrpc/connect";
import { accountOf } from "@peerline/call-machine/wire";
import { DevelopmentService } from "@peerline/protocol";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { invite, newCallId } from "../testing/commands.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const signIn = async (user: string, displayName = "") => {
  const client = createClient(DevelopmentService, harness.transport);
  const { sub, name } = decodeJwt((await client.signIn({ user, displayName })).token);
  return [sub, name];
};

test.each([
  ["alice", "alice"],
  ["Alice", "alice"],
  ["ALICE", "alice"],
  ["Ana-Torres", "ana-torres"],
  ["..", accountOf("..")],
])(
  "%s signs in to the account that every client makes of it, and is shown as typed",
  async (name, account) => {
    expect(await signIn(name)).toEqual([account, name]);
  },
);

test("who is shown as nothing is shown by the account", async () => {
  expect(await signIn("ana", "\u202e\u0000")).toEqual(["ana", "ana"]);
});

test.each(["", "   ", "\u200b", "José", "x".repeat(65)])(
  "%j has to be made an account before it is sent",
  async (name) => {
    await expect(signIn(name)).rejects.toMatchObject({ code: Code.InvalidArgument });
  },
);

test("a name in capitals and in small letters is one person", async () => {
  const [bob, ada] = [await harness.open("Bob"), await harness.open("Ada")];
  expect((await ada.run(invite(newCallId(), "bob"))).applied).toBe(true);
  expect(await heard(bob)).toEqual(["incoming"]);
});
