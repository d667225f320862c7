import { create } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import { toHex } from "@peerline/call-machine/wire";
import { type CommandResult, CommandResultSchema, ErrorCode } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { bytesOf } from "./action.ts";
import * as boxes from "./outbox.ts";
import { sampleActions as a, sampleCallId } from "./testing/samples.ts";
import { defaultLimits } from "./timing.ts";

function boxOf(...actions: readonly CommandAction[]): boxes.Outbox {
  return actions.reduce((box, action) => boxes.enqueue(box, action)[0], boxes.emptyOutbox);
}

function filled(...actions: readonly CommandAction[]): boxes.Outbox {
  return boxes.fill(boxOf(...actions), defaultLimits)[0];
}

function numbers(box: boxes.Outbox): readonly string[] {
  return boxes.commandsOf(box).map(({ clientSeq, action }) => `${clientSeq} ${action.case}`);
}

function hex(call: string): string {
  return toHex(sampleCallId(call));
}

function done(...seqs: readonly bigint[]): CommandResult[] {
  return seqs.map((clientSeq) => create(CommandResultSchema, { clientSeq, applied: true }));
}

function words(outcomes: readonly boxes.Outcome[]): readonly string[] {
  return outcomes.map(({ action, result }) => `${action.case} ${result.error?.code ?? "done"}`);
}

function texts(outcomes: readonly boxes.Outcome[]): readonly (string | undefined)[] {
  return outcomes.map(({ result }) => result.error?.text);
}

test("an action that is queued or merged has no outcome yet", () => {
  const [box, first] = boxes.enqueue(boxes.emptyOutbox, a.mediaState("1", 1));
  const [, second] = boxes.enqueue(box, a.mediaState("1", 2));
  expect([first, second]).toEqual([[], []]);
});

describe("a batch", () => {
  test("is numbered from one and stays the same until it has results", () => {
    const box = filled(a.invite("1"), a.end("1"));
    const [later] = boxes.enqueue(box, a.presenceSet());
    const [again] = boxes.fill(later, defaultLimits);
    expect([numbers(box), numbers(again)]).toEqual([
      ["1 invite", "2 end"],
      ["1 invite", "2 end"],
    ]);
  });

  test("carries at most as many commands as the server takes", () => {
    const actions = Array.from({ length: 40 }, (_, index) => a.relay("1", index.toString(16)));
    const [first] = boxes.fill(boxOf(...actions), defaultLimits);
    expect([first.batch.length, first.queue.length]).toEqual([32, 8]);
  });

  test("carries at most as many bytes as the server takes", () => {
    const bytes = bytesOf(a.invite("1"));
    const [box] = boxes.fill(boxOf(a.invite("1"), a.invite("2"), a.invite("3")), {
      commands: 32,
      bytes: bytes * 2,
    });
    expect([box.batch.length, box.queue.length]).toEqual([2, 1]);
  });

  test("carries a command that is as long as a request may be", () => {
    const limits = { commands: 32, bytes: bytesOf(a.end("1")) };
    expect(numbers(boxes.fill(boxOf(a.end("1")), limits)[0])).toEqual(["1 end"]);
  });

  test("leaves out what no request can carry, and reports it", () => {
    const big = a.candidates("1", 0, 60);
    const [box, outcomes] = boxes.fill(boxOf(big, a.end("1")), { commands: 32, bytes: 200 });
    expect([numbers(box), words(outcomes)]).toEqual([["1 end"], [`candidates ${ErrorCode.TOO_LARGE}`]]);
    expect(texts(outcomes)).toEqual([
      `The command has ${bytesOf(big)} bytes, the server takes 200. Make it smaller.`,
    ]);
  });
});

describe("results", () => {
  test("answer the commands of their numbers, each once", () => {
    const [box, outcomes] = boxes.settle(filled(a.invite("1"), a.end("1")), done(1n, 1n, 2n, 9n));
    expect([words(outcomes), numbers(box), box.nextSeq]).toEqual([["invite done", "end done"], [], 3n]);
  });

  test("of what is not on its way are ignored", () => {
    expect(boxes.settle(boxOf(a.end("1")), done(1n))).toEqual([boxOf(a.end("1")), []]);
  });

  test("of a part leave the rest with its numbers", () => {
    const [box] = boxes.settle(filled(a.invite("1"), a.end("1")), done(1n));
    expect(numbers(box)).toEqual(["2 end"]);
  });

  test("of a merged command answer every action in it", () => {
    const [, outcomes] = boxes.settle(filled(a.candidates("1", 0), a.candidates("1", 1)), done(1n));
    expect(outcomes.map(({ action }) => action)).toEqual([a.candidates("1", 0), a.candidates("1", 1)]);
  });

  test("that say OUT_OF_ORDER rewind to what the server expects", () => {
    const [first] = boxes.settle(filled(a.invite("1"), a.end("1")), done(1n));
    const error = { code: ErrorCode.OUT_OF_ORDER, expectedSeq: 1n };
    const [box, outcomes] = boxes.settle(first, [create(CommandResultSchema, { clientSeq: 2n, error })]);
    expect([numbers(box), outcomes]).toEqual([["1 end"], []]);
  });
});

describe("the number that the server expects", () => {
  test.each([
    ["below the batch's own is taken over", 2n, 2n],
    ["that it does not say changes nothing", 0n, 5n],
    ["that the batch has changes nothing", 5n, 5n],
    ["above the batch's own is not believed", 6n, 5n],
  ])("%s", (_name, expectedSeq, nextSeq) => {
    const box: boxes.Outbox = { ...filled(a.end("1")), nextSeq: 5n };
    const after = boxes.rewind(box, expectedSeq);
    expect([after, after === box]).toEqual([{ ...box, nextSeq }, nextSeq === 5n]);
  });
});

describe("a refused batch", () => {
  test("is tried one by one, and only the bad command is dropped and reported", () => {
    const [split] = boxes.refused(
      filled(a.invite("1"), a.relay("1", "5"), a.end("1")),
      ErrorCode.MALFORMED,
      "bad",
    );
    const [second] = boxes.settle(split, done(1n));
    const [third, outcomes] = boxes.refused(second, ErrorCode.MALFORMED, "bad");
    expect([numbers(split), numbers(second), numbers(third), words(outcomes)]).toEqual([
      ["1 invite"],
      ["2 relay"],
      ["3 end"],
      [`relay ${ErrorCode.MALFORMED}`],
    ]);
    expect(outcomes).toMatchObject([{ result: { clientSeq: 2n, applied: false, error: { text: "bad" } } }]);
  });

  test("of several commands has no outcome yet, and counts the server's faults anew", () => {
    const box: boxes.Outbox = { ...filled(a.invite("1"), a.end("1")), faults: 1 };
    expect(boxes.refused(box, ErrorCode.MALFORMED, "bad")).toEqual([
      { ...box, oneByOne: true, faults: 0 },
      [],
    ]);
  });

  test("that has its results already is left as it is", () => {
    expect(boxes.refused(boxes.emptyOutbox, ErrorCode.MALFORMED, "bad")).toEqual([boxes.emptyOutbox, []]);
  });

  test("goes together again once it is through", () => {
    const [split] = boxes.refused(filled(a.invite("1"), a.end("1")), ErrorCode.MALFORMED, "bad");
    const [through] = boxes.settle(boxes.settle(split, done(1n))[0], done(2n));
    const [next] = boxes.fill(
      boxes.enqueue(boxes.enqueue(through, a.invite("2"))[0], a.end("2"))[0],
      defaultLimits,
    );
    expect(numbers(next)).toEqual(["3 invite", "4 end"]);
  });
});

test("a command that the server fails at is tried three times, then dropped and reported", () => {
  const steps = [boxes.faulted(filled(a.invite("1")), "bug")];
  for (let n = 0; n < 2; n++) steps.push(boxes.faulted(steps.at(-1)?.[0] ?? boxes.emptyOutbox, "bug"));
  expect(steps.map(([box, outcomes]) => [numbers(box), words(outcomes)])).toEqual([
    [["1 invite"], []],
    [["1 invite"], []],
    [[], [`invite ${ErrorCode.UNSPECIFIED}`]],
  ]);
});

test("several commands that the server fails at go one by one from the first fault on", () => {
  const box = filled(a.invite("1"), a.end("1"));
  expect(boxes.faulted(box, "bug")).toEqual([{ ...box, oneByOne: true }, []]);
});

describe("a new epoch", () => {
  test("keeps everything that was never sent, in order", () => {
    const box = boxes.rebase(boxOf(a.description("1"), a.relay("1", "5"), a.end("1")), 0n);
    expect(numbers(boxes.fill(box, defaultLimits)[0])).toEqual(["1 description", "2 relay", "3 end"]);
  });

  test("issues what is idempotent again and drops the rest of what was sent", () => {
    const sent = filled(
      a.invite("1"),
      a.alerting("2"),
      a.accept("2"),
      a.reattach(),
      a.description("1"),
      a.candidates("1", 0),
      a.mediaState("1", 1),
      a.relay("1", "5"),
      a.presenceSet(),
      a.end("3"),
    );
    expect(numbers(boxes.fill(boxes.rebase(sent, 0n), defaultLimits)[0])).toEqual([
      "1 invite",
      "2 alerting",
      "3 accept",
      "4 reattach",
      "5 presenceSet",
      "6 end",
    ]);
  });

  test("brings no call back that has ended before its commands had a result", () => {
    const sent = filled(a.invite("1"), a.alerting("2"), a.invite("3"), a.candidates("3", 0));
    const [waiting] = boxes.enqueue(boxes.enqueue(sent, a.accept("2"))[0], a.end("2"));
    const over = ["1", "2"].reduce((box, call) => boxes.withEnded(box, hex(call)), waiting);
    const [later] = boxes.enqueue(over, a.accept("2"));
    expect(numbers(later)).toEqual(numbers(sent));
    const box = boxes.rebase(later, 0n);
    expect(numbers(boxes.fill(box, defaultLimits)[0])).toEqual(["1 invite", "2 end", "3 accept"]);
    expect(box.moot).toEqual([]);
  });

  test("7: nobody rings for a call that was given up before the server had answered", () => {
    const sent = filled(a.invite("1"), a.invite("2"));
    const waiting = [a.end("1"), a.end("3"), a.invite("4"), a.end("4")].reduce(
      (box, action) => boxes.enqueue(box, action)[0],
      sent,
    );
    const box = boxes.rebase(waiting, 0n);
    expect(numbers(boxes.fill(box, defaultLimits)[0])).toEqual(["1 invite", "2 end", "3 end", "4 end"]);
  });

  test("says that a call was accepted and given up, and what was said before it was made", () => {
    const sent = filled(a.accept("1"), a.end("1"), a.end("2"), a.invite("2"));
    expect(numbers(boxes.fill(boxes.rebase(sent, 0n), defaultLimits)[0])).toEqual([
      "1 accept",
      "2 end",
      "3 end",
      "4 invite",
    ]);
  });

  test("is not told of what had its result", () => {
    const over = boxes.withEnded(filled(a.invite("1"), a.end("1")), hex("1"));
    const [settled] = boxes.settle(over, done(1n, 2n));
    expect(boxes.withEnded(settled, hex("2")).moot).toEqual([]);
  });

  test("counts on from what the server has executed", () => {
    expect(boxes.rebase(boxOf(a.end("1")), 7n).nextSeq).toEqual(8n);
  });
});

test("a resume keeps the numbers of what was sent", () => {
  expect([boxes.resume(filled(a.end("1")), 5n).nextSeq, boxes.resume(boxOf(a.end("1")), 5n).nextSeq]).toEqual(
    [1n, 6n],
  );
});

test.each([
  ["one that was reloaded counts on behind what the server has executed", 5n, 6n],
  ["one that has executed nothing more keeps its count", 4n, 5n],
  ["one that forgot some keeps its count", 2n, 5n],
])("a resume with nothing on its way: %s", (_name, lastSeq, nextSeq) => {
  const box: boxes.Outbox = { ...boxOf(a.end("1")), nextSeq: 5n };
  expect(boxes.resume(box, lastSeq)).toEqual({ ...box, nextSeq });
});

test("a full outbox refuses what is not a call's life cycle", () => {
  let box = boxes.emptyOutbox;
  for (let index = 0; index < 512; index++) [box] = boxes.enqueue(box, a.relay("1", index.toString(16)));
  const [afterRelay, refusals] = boxes.enqueue(box, a.relay("1", "fff"));
  const [afterEnd] = boxes.enqueue(box, a.end("1"));
  expect([words(refusals), afterRelay.queue.length, afterEnd.queue.length]).toEqual([
    [`relay ${ErrorCode.OVERLOADED}`],
    512,
    513,
  ]);
  expect(texts(refusals)).toEqual(["More than 512 commands wait for the server. Send less, or wait."]);
});
