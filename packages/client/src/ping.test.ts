import { clone, create } from "@bufbuild/protobuf";
import { fromHex } from "@peerline/call-machine/wire";
import { ErrorCode, type Relay, RelaySchema } from "@peerline/protocol";
import { expect, test } from "vitest";
import { createPinger, type Pinger } from "./ping.ts";

function setUp() {
  const sent: Relay[] = [];
  let now = 0;
  let due: (() => void) | undefined;
  const clock = {
    now: () => now,
    setTimer(_at: number, run: () => void) {
      due = run;
      return () => {
        due = undefined;
      };
    },
  };
  let serial = 0;
  const newId = () => {
    serial += 1;
    return serial.toString(16).padStart(32, "0");
  };
  const pinger: Pinger = createPinger({ clock, newId, send: (relay) => sent.push(relay) });
  return {
    sent,
    pinger,
    elapse: (ms: number) => (now += ms),
    fire: () => due?.(),
    isWaiting: () => due !== undefined,
  };
}

/** What the server makes of a message on its way to the other user. */
function delivered(relay: Relay, fromUser: string): Relay {
  const copy = clone(RelaySchema, relay);
  copy.fromUser = fromUser;
  return copy;
}

test("the other client's pong gives the round trip", async () => {
  const alice = setUp();
  const bob = setUp();
  const answer = alice.pinger.ping("bob");
  const [ping] = alice.sent;
  if (!ping) throw new Error("no ping was sent");
  expect(ping.toUser).toBe("bob");
  alice.elapse(12);
  expect(bob.pinger.receive(delivered(ping, "alice"))).toBe(true);
  const [pong] = bob.sent;
  if (!pong) throw new Error("no pong was sent");
  expect(pong.toUser).toBe("alice");
  expect(alice.pinger.receive(delivered(pong, "bob"))).toBe(true);
  await expect(answer).resolves.toBe(12);
  expect(alice.isWaiting()).toBe(false);
});

test("nobody answering rejects with a code", async () => {
  const alice = setUp();
  const answer = alice.pinger.ping("bob");
  alice.fire();
  await expect(answer).rejects.toMatchObject({ name: "PeerlineError", code: "no-answer" });
});

test("a server that cannot deliver rejects at once", async () => {
  const alice = setUp();
  const answer = alice.pinger.ping("bob");
  const inReplyTo = alice.sent[0]?.messageId ?? new Uint8Array();
  alice.pinger.receive(
    create(RelaySchema, { messageId: fromHex("ff".repeat(16)), inReplyTo, failed: ErrorCode.NOT_ALLOWED }),
  );
  await expect(answer).rejects.toMatchObject({ code: "unreachable" });
});

test("other people's messages are left alone", () => {
  const alice = setUp();
  const stroke = create(RelaySchema, {
    extension: { type: "acme.com/whiteboard.v1.Stroke" },
    fromUser: "bob",
  });
  expect(alice.pinger.receive(stroke)).toBe(false);
  expect(alice.sent).toEqual([]);
});
