import type { CandidatesSignal } from "@peerline/call-machine";
import { describe, expect, test } from "vitest";
import {
  type CandidateQueue,
  describeRemote,
  emptyQueue,
  expireCandidates,
  expiresAt,
  holdMs,
  maxHeld,
  type Release,
  receiveCandidates,
  silenceMs,
} from "./candidate-queue.ts";

const signal = (ufrag: string, firstIndex: number, names: string, end = false): CandidatesSignal => ({
  generation: 1,
  ufrag,
  firstIndex,
  list: [...names].map((candidate) => ({ candidate, sdpMid: "0", sdpMLineIndex: 0 })),
  end,
});

/** The candidates by name, `.` for the end. */
const names = ({ add }: Release) => add.map(({ candidate }) => (candidate === "" ? "." : candidate)).join("");

type Step = (queue: CandidateQueue) => [CandidateQueue, Release];
const receive =
  (...args: Parameters<typeof signal>): Step =>
  (queue) =>
    receiveCandidates(queue, signal(...args), 0);
const described =
  (...ufrags: string[]): Step =>
  (queue) =>
    describeRemote(queue, ufrags, 0);
const pass =
  (now: number): Step =>
  (queue) =>
    expireCandidates(queue, now);

function play(steps: readonly Step[]) {
  let queue = emptyQueue;
  const released = steps.map((step) => {
    const [next, release] = step(queue);
    queue = next;
    return release.pending > 0 ? `${names(release)} (${release.pending} pending)` : names(release);
  });
  return { queue, released };
}

describe("the peer's candidates", () => {
  const table: [string, Step[], string[]][] = [
    [
      "wait for the description, keep their order, and are counted",
      [receive("a", 0, "xy"), receive("a", 2, "z", true), described("a")],
      ["", "", "xyz. (3 pending)"],
    ],
    [
      "of the present description pass at once",
      [described("a"), receive("a", 0, "xy"), receive("a", 2, "", true)],
      ["", "xy", "."],
    ],
    [
      "of an older description are dropped",
      [described("a"), described("b"), receive("a", 0, "x", true)],
      ["", "", ""],
    ],
    [
      "of a coming description wait although there is one",
      [described("a"), receive("b", 0, "x"), receive("a", 0, "y"), described("b")],
      ["", "", "y", "x (1 pending)"],
    ],
    [
      "that come again are dropped",
      [described("a"), receive("a", 0, "xy", true), receive("a", 0, "xyz", true)],
      ["", "xy.", "z"],
    ],
    [
      "that come again while they wait are dropped",
      [receive("a", 0, "xy"), receive("a", 0, "xyz"), described("a"), receive("a", 0, "xyz")],
      ["", "", "xyz (3 pending)", ""],
    ],
    [
      "with a gap are taken, and the gap is filled later",
      [described("a"), receive("a", 2, "z"), receive("a", 0, "xy")],
      ["", "z", "xy"],
    ],
    [
      "of several bundles pass for each",
      [described("a", "b"), receive("a", 0, "x"), receive("b", 0, "y")],
      ["", "x", "y"],
    ],
    [
      "pass again when a description comes back after a rollback",
      [described("a"), receive("a", 0, "x"), described("b"), described("a"), receive("a", 1, "y")],
      ["", "x", "", "", "y"],
    ],
    [
      "of one description are released alone, those of another wait on",
      [receive("a", 0, "x"), receive("b", 0, "y", true), described("b"), described("a")],
      ["", "", "y. (1 pending)", "x (1 pending)"],
    ],
    [
      "are not released twice by the same description",
      [receive("a", 0, "x"), described("a"), described("a")],
      ["", "x (1 pending)", ""],
    ],
    [
      "that wait for nothing are dropped after a while",
      [receive("a", 0, "x"), pass(holdMs), described("a")],
      ["", "", ""],
    ],
    [
      "are ended when the peer falls silent",
      [described("a"), receive("a", 0, "x"), pass(silenceMs - 1), pass(silenceMs), pass(silenceMs * 2)],
      ["", "x", "", ".", ""],
    ],
    ["are not ended twice", [described("a"), receive("a", 0, "x", true), pass(silenceMs)], ["", "x.", ""]],
  ];
  test.each(table)("%s", (_what, steps, released) => {
    expect(play(steps).released).toEqual(released);
  });

  test("are named for the platform by their ufrag, and by no mid when they came without", () => {
    const list = [
      { candidate: "x", sdpMid: "", sdpMLineIndex: 1 },
      { candidate: "y", sdpMid: "2", sdpMLineIndex: 2 },
    ];
    const [, { add }] = receiveCandidates(
      play([described("a")]).queue,
      { ...signal("a", 0, ""), list, end: true },
      0,
    );
    expect(add).toEqual([
      { candidate: "x", sdpMid: null, sdpMLineIndex: 1, usernameFragment: "a" },
      { candidate: "y", sdpMid: "2", sdpMLineIndex: 2, usernameFragment: "a" },
      { candidate: "", sdpMid: "0", sdpMLineIndex: 0, usernameFragment: "a" },
    ]);
  });

  describe("of a description", () => {
    const steps = [described("a", "b"), receive("a", 0, "x"), receive("b", 0, "y"), receive("c", 0, "z")];
    const { queue } = play(steps);
    const [z] = queue.held;
    const from = { lastAt: 9_000, held: [z] };

    test.each([
      ["that comes again stay as they are", ["b", "a"], queue],
      [
        "of which one ufrag is new are known by the other",
        ["a", "d"],
        { ...from, current: ["a", "d"], past: ["b"], seen: ["a 0"] },
      ],
      [
        "that lost a ufrag are known by the other",
        ["b"],
        { ...from, current: ["b"], past: ["a"], seen: ["b 0"] },
      ],
      [
        "that is new are those that waited",
        ["c"],
        { current: ["c"], past: ["a", "b"], held: [], seen: ["c 0"], lastAt: 9_000 },
      ],
    ])("%s", (_what, ufrags, next) => {
      expect(describeRemote(queue, ufrags, 9_000)[0]).toEqual(next);
    });
  });

  test("of the 16 latest past ufrags are dropped", () => {
    const { queue } = play([..."abcdefghijklmnopqr"].map((ufrag) => described(ufrag)));
    expect(queue.past).toEqual([..."bcdefghijklmnopq"]);
  });

  test("that come again, or for later, do not put off the end of a silent list", () => {
    const [queue] = receiveCandidates(describeRemote(emptyQueue, ["a"], 0)[0], signal("a", 0, "x"), 1_000);
    expect(receiveCandidates(queue, signal("a", 0, "x"), 9_000)).toEqual([queue, { add: [], pending: 0 }]);
    expect(expireCandidates(queue, silenceMs)).toEqual([queue, { add: [], pending: 0 }]);
    const [waiting] = receiveCandidates(queue, signal("b", 0, "y"), 9_000);
    const [later, { add }] = expireCandidates(waiting, 1_000 + silenceMs);
    expect([later.held, later.lastAt, names({ add, pending: 0 })]).toEqual([waiting.held, 1_000, "."]);
  });

  test("that wait are no more than the limit", () => {
    const many = signal("a", 0, "x".repeat(maxHeld + 5));
    const [queue] = receiveCandidates(emptyQueue, many, 0);
    expect(describeRemote(queue, ["a"], 0)[1].pending).toBe(maxHeld);
  });

  test("of one description are no more than 256", () => {
    const [queue] = describeRemote(emptyQueue, ["a"], 0);
    expect(receiveCandidates(queue, signal("a", 250, "x".repeat(10)), 0)[1].add).toHaveLength(6);
  });

  test.each([
    ["nothing waits", [], undefined],
    ["something is held", [receive("a", 0, "x")], holdMs],
    ["the list is open", [described("a")], silenceMs],
    ["the list has ended", [described("a"), receive("a", 0, "", true)], undefined],
    ["both", [described("a"), receive("b", 0, "x")], silenceMs],
  ] as [string, Step[], number | undefined][])("say when to look again: %s", (_what, steps, at) => {
    expect(expiresAt(play(steps).queue)).toBe(at);
  });
});
