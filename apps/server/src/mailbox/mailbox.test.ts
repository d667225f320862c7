import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appendEntry, type Mailbox, openMailbox, readAfter, resumeVerdict, trimMailbox } from "./mailbox.ts";

const epoch = "00112233aabbccdd";
const caps = { maxEvents: 3, maxBytes: 10 };
const bytes = (length: number, fill = 0) => new Uint8Array(length).fill(fill);

function filled(...lengths: number[]): Mailbox {
  return lengths.reduce(
    (box, length, index) => appendEntry(box, bytes(length, index + 1), caps),
    openMailbox(epoch),
  );
}

test("offsets are contiguous from 1", () => {
  expect(openMailbox(epoch)).toEqual({ epoch, top: 0, trimmed: 0, entries: [], bytes: 0 });
  expect(filled(1, 1)).toEqual({ epoch, top: 2, trimmed: 0, entries: [bytes(1, 1), bytes(1, 2)], bytes: 2 });
});

test.each([
  [
    "too many events drop the oldest",
    [1, 1, 1, 1],
    { epoch, top: 4, trimmed: 1, entries: [bytes(1, 2), bytes(1, 3), bytes(1, 4)], bytes: 3 },
  ],
  [
    "too many bytes drop the oldest",
    [5, 5, 5],
    { epoch, top: 3, trimmed: 1, entries: [bytes(5, 2), bytes(5, 3)], bytes: 10 },
  ],
  [
    "the newest stays although it alone is too large",
    [1, 50],
    { epoch, top: 2, trimmed: 1, entries: [bytes(50, 2)], bytes: 50 },
  ],
])("%s", (_name, lengths, expected) => {
  expect(filled(...lengths)).toEqual(expected);
});

test("an acknowledgement trims, and one from the future trims to the top", () => {
  expect(trimMailbox(filled(1, 2, 3), 2)).toEqual({
    epoch,
    top: 3,
    trimmed: 2,
    entries: [bytes(3, 3)],
    bytes: 3,
  });
  expect(trimMailbox(filled(1, 2), 99)).toEqual({ epoch, top: 2, trimmed: 2, entries: [], bytes: 0 });
  const trimmed = trimMailbox(filled(1, 2), 1);
  expect(trimMailbox(trimmed, 1)).toBe(trimmed);
});

test("reading gives exactly what follows, or says that it is gone", () => {
  const box = trimMailbox(filled(1, 1, 1), 1);
  expect(readAfter(box, 1, 10)?.map(({ offset }) => offset)).toEqual([2, 3]);
  expect(readAfter(box, 1, 1)?.map(({ offset }) => offset)).toEqual([2]);
  expect(readAfter(box, 3, 10)).toEqual([]);
  expect(readAfter(box, 0, 10)).toBeUndefined();
});

describe("resume", () => {
  const head = { epoch, top: 7, trimmed: 3 };
  test.each([
    ["a cursor within the log replays", head, { epoch, offset: 5 }, "replay"],
    ["a cursor at the trim replays", head, { epoch, offset: 3 }, "replay"],
    ["a cursor at the top replays nothing", head, { epoch, offset: 7 }, "replay"],
    ["a cursor before the trim gets the snapshot", head, { epoch, offset: 2 }, "snapshot"],
    ["a cursor ahead of the log restarts: the log lost its tail", head, { epoch, offset: 8 }, "restart"],
    ["a cursor of another epoch gets the snapshot", head, { epoch: "ff", offset: 5 }, "snapshot"],
    ["no cursor restarts", head, undefined, "restart"],
    ["no mailbox restarts", undefined, { epoch, offset: 0 }, "restart"],
  ] as const)("%s", (_name, given, cursor, verdict) => {
    expect(resumeVerdict(given, cursor)).toBe(verdict);
  });
});

test("whatever is appended, acknowledged and dropped, a client never sees a gap, a repeat or a swap", () => {
  const step = fc.oneof(
    fc.record({ type: fc.constant("append" as const) }),
    fc.record({ type: fc.constant("read" as const), max: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ type: fc.constant("ack" as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let box = openMailbox(epoch);
      let cursor = 0;
      let value = 0;
      const applied: number[] = [];
      const read = (max: number) => {
        const entries = readAfter(box, cursor, max);
        const isGone = resumeVerdict(box, { epoch, offset: cursor }) === "snapshot";
        expect(entries === undefined).toBe(isGone);
        if (isGone) cursor = box.top;
        for (const entry of entries ?? []) {
          expect([entry.offset, entry.bytes[0]]).toEqual([cursor + 1, entry.offset % 256]);
          cursor = entry.offset;
          applied.push(cursor);
        }
      };
      for (const now of steps) {
        if (now.type === "append")
          box = appendEntry(box, bytes(1, ++value % 256), { maxEvents: 5, maxBytes: 100 });
        if (now.type === "ack") box = trimMailbox(box, cursor);
        if (now.type === "read") read(now.max);
      }
      expect(applied).toEqual([...new Set(applied)].sort((a, b) => a - b));
    }),
  );
});
