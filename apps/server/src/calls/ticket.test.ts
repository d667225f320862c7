import type { Endpoint } from "@peerline/call-machine/record";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxTicketBytes, signTicket, ticketSecret, verifyTicket } from "./ticket.ts";
import type { TicketClaim } from "./ticket-payload.ts";

const secret = ticketSecret(Buffer.alloc(32, 1));
const other = ticketSecret(Buffer.alloc(32, 2));
const expiresAt = 5_000;

const endpoint = (user: string, more: Partial<Endpoint> = {}): Endpoint => ({
  key: `${"ab".repeat(16)}@${user}`,
  user,
  displayName: `${user} Example`,
  party: "cd".repeat(16),
  deviceLabel: "phone",
  ...more,
});
const claim: TicketClaim = {
  callId: "0123456789abcdef0123456789abcdef",
  kind: "video",
  rev: 3,
  caller: endpoint("ada"),
  calleeUser: "bob",
  accepted: endpoint("bob"),
  createdAt: 1_000,
  acceptedAt: 2_000,
  manyCalls: [endpoint("bob").key],
};
const ticket = signTicket(secret, claim, expiresAt);

test("a ticket gives back what was signed, until it expires", () => {
  expect(verifyTicket([secret], ticket, expiresAt - 1)).toEqual(claim);
  expect(verifyTicket([secret], ticket, expiresAt)).toBeUndefined();
});

test("a caller's ticket names no one who accepted", () => {
  const ringing = { ...claim, accepted: undefined, acceptedAt: undefined, manyCalls: [] };
  expect(verifyTicket([secret], signTicket(secret, ringing, expiresAt), 0)).toEqual(ringing);
});

test("while secrets change both are good, and one that nobody knows is not", () => {
  expect(verifyTicket([other, secret], ticket, 0)).toEqual(claim);
  expect(verifyTicket([other], ticket, 0)).toBeUndefined();
  expect(verifyTicket([], ticket, 0)).toBeUndefined();
});

test("the id of a secret is no proof of it", () => {
  const forged = signTicket({ ...other, id: secret.id }, claim, expiresAt);
  expect(verifyTicket([secret], forged, 0)).toBeUndefined();
});

describe("a ticket that was tampered with is refused", () => {
  test("at every bit of every byte", () => {
    const accepted = Array.from(ticket).flatMap((byte, index) =>
      Array.from({ length: 8 }, (_, bit) => {
        const changed = Uint8Array.from(ticket);
        changed[index] = byte ^ (1 << bit);
        return verifyTicket([secret, other], changed, 0);
      }).filter((result) => result !== undefined),
    );
    expect(accepted).toEqual([]);
  });

  test("cut at every length, and with something after it", () => {
    const cuts = Array.from(ticket, (_, length) => verifyTicket([secret], ticket.subarray(0, length), 0));
    expect(new Set(cuts)).toEqual(new Set([undefined]));
    expect(verifyTicket([secret], Buffer.concat([ticket, Buffer.of(0)]), 0)).toBeUndefined();
  });

  test("or made up, with a right beginning or without", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), fc.nat({ max: 5 }), (bytes, kept) => {
        const forged = Buffer.concat([ticket.subarray(0, kept), bytes]);
        expect(verifyTicket([secret], forged, 0)).toBeUndefined();
      }),
    );
  });
});

test("a ticket shows its bearer nothing of the other party", () => {
  const text = Buffer.from(ticket).toString("latin1");
  for (const word of ["ada", "phone", "abab", "cdcd", claim.callId]) expect(text).not.toContain(word);
});

test("names and device names are left out before a ticket gets too long", () => {
  const user = "\u0001".repeat(128);
  const long = { displayName: "n".repeat(256), deviceLabel: "d".repeat(256) };
  const worst = { ...claim, caller: endpoint(user, long), accepted: endpoint(user, long), calleeUser: user };
  const signed = signTicket(secret, { ...worst, manyCalls: [] }, Number.MAX_SAFE_INTEGER);
  expect(signed.byteLength).toBeLessThanOrEqual(maxTicketBytes);
  expect(verifyTicket([secret], signed, 0)?.accepted).toEqual(
    endpoint(user, { displayName: user, deviceLabel: "" }),
  );
});

test("what comes out is what went in", () => {
  const text = fc.string({ maxLength: 40, unit: "binary" });
  const anyone = fc.record({
    user: text.filter((user) => user !== ""),
    displayName: text,
    deviceLabel: text,
  });
  fc.assert(
    fc.property(anyone, anyone, fc.boolean(), (caller, callee, isAccepted) => {
      const accepted = isAccepted ? endpoint(callee.user, callee) : undefined;
      const given = { ...claim, caller: endpoint(caller.user, caller), calleeUser: callee.user, accepted };
      const read = verifyTicket([secret], signTicket(secret, { ...given, manyCalls: [] }, expiresAt), 0);
      expect([read?.caller.key, read?.calleeUser, read?.accepted?.key]).toEqual([
        given.caller.key,
        given.calleeUser,
        given.accepted?.key,
      ]);
    }),
  );
});
