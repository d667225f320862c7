import { describe, expect, test } from "vitest";
import { afterHello, arrive, type CursorState, noCursor, ping, sameBytes } from "./cursor.ts";

const epoch = new Uint8Array(8).fill(1);
const otherEpoch = new Uint8Array(8).fill(2);
const at = (offset: bigint, target = offset): CursorState => ({
  epoch,
  offset,
  target,
  caughtUp: offset >= target,
  pingsBehind: 0,
});

describe("an event", () => {
  test.each([
    ["of the next offset is applied", 6n, "apply", 6n],
    ["of the last offset is dropped", 5n, "drop", 5n],
    ["of an older offset is dropped", 1n, "drop", 5n],
    ["behind a hole is a gap and moves nothing", 7n, "gap", 5n],
  ] as const)("%s", (_name, offset, arrival, after) => {
    expect(arrive(at(5n), offset)).toEqual([arrival, at(after, arrival === "apply" ? 5n : after)]);
  });

  test("at the target of the hello means that everything that waited is applied", () => {
    const [, first] = arrive(at(5n, 7n), 6n);
    const [, second] = arrive(first, 7n);
    expect([first.caughtUp, second.caughtUp]).toEqual([false, true]);
  });
});

describe("a hello", () => {
  test("with a snapshot restarts the cursor at the top", () => {
    expect(afterHello(at(5n), { epoch: otherEpoch, resumed: false, topOffset: 2n })).toEqual({
      ...at(2n),
      epoch: otherEpoch,
    });
  });

  test("that resumes keeps the cursor and aims at the top", () => {
    expect(afterHello(at(5n), { epoch, resumed: true, topOffset: 9n })).toEqual(at(5n, 9n));
  });

  test("that resumes with nothing waiting is caught up at once", () => {
    expect(afterHello(at(5n), { epoch, resumed: true, topOffset: 5n })).toEqual(at(5n));
  });

  test("that claims to resume another epoch is not believed", () => {
    expect(afterHello(at(5n), { epoch: otherEpoch, resumed: true, topOffset: 9n })).toBeUndefined();
    expect(afterHello(noCursor, { epoch, resumed: true, topOffset: 0n })).toBeUndefined();
  });
});

test("two pings in a row with more than was applied mean a loss, one does not", () => {
  const [once, early] = ping(at(5n), 6n);
  const [, lost] = ping(once, 6n);
  const [recovered] = ping(once, 5n);
  expect([early, lost, recovered.pingsBehind]).toEqual([false, true, 0]);
});

test("bytes are equal by content", () => {
  expect([
    sameBytes(epoch, epoch.slice()),
    sameBytes(epoch, otherEpoch),
    sameBytes(epoch, epoch.slice(1)),
    sameBytes(epoch.slice(0, -1), epoch),
  ]).toEqual([true, false, false, false]);
});
