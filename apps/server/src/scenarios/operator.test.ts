import { ErrorCode, GoAway_Action, RelayPolicy } from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { closedPolicy, type Policy } from "../policy.ts";
import { invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";

/** The one who is called decides: friends ring, members ring without learning an address before the accept. */
export function policyOf(book: AddressBook): Policy {
  return {
    ...closedPolicy,
    async mayCall(from, to) {
      if (await book.hasBlocked(to, from)) return "silent";
      return (await book.isFriend(to, from)) ? "ring" : "relay-until-accept";
    },
  };
}

export interface AddressBook {
  hasBlocked(owner: string, other: string): Promise<boolean>;
  isFriend(owner: string, other: string): Promise<boolean>;
}

const book: AddressBook = {
  hasBlocked: async (_owner, other) => other === "eve",
  isFriend: async (_owner, other) => other === "ada",
};

let harness: Harness;
let bob: TestEndpoint;

beforeEach(async () => {
  harness = await startHarness({ policy: policyOf(book) });
  bob = await harness.open("bob");
});
afterEach(() => harness.close());

describe("a policy of the application", () => {
  test.each([
    ["ada", RelayPolicy.ALL],
    ["carl", RelayPolicy.RELAY_UNTIL_ACCEPT],
  ])("lets %s ring, and says which addresses may be shown", async (user, policy) => {
    const caller = await harness.open(user);
    expect((await caller.run(invite(newCallId(), "bob"))).applied).toBe(true);
    expect((await bob.event("incoming")).relayPolicy).toBe(policy);
  });

  test("rings nobody for one who is blocked, and does not tell", async () => {
    const eve = await harness.open("eve");
    expect((await eve.run(invite(newCallId(), "bob"))).applied).toBe(true);
    expect(await heard(bob)).toEqual([]);
  });
});

test("a user who is revoked is sent away within the call of revoke, and stays out with the old token", async () => {
  await harness.server.revoke("bob");
  expect(await bob.frame("goAway")).toMatchObject({
    action: GoAway_Action.STOP,
    reason: ErrorCode.TOKEN_REVOKED,
  });
  await expect(bob.reopen()).rejects.toThrow("The token was revoked");
});
