import { create } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import { type CommandResult, CommandResultSchema, ErrorCode } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import { bytesOf } from "./action.ts";
import * as boxes from "./outbox.ts";
import { sampleActions as a } from "./testing/samples.ts";
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

function done(...seqs: readonly bigint[]): CommandResult[] {
  return seqs.map((clientSeq) => create(CommandResultSchema, { clientSeq, applied: true }));
}

function words(outcomes: readonly boxes.Outcome[]): readonly string[] {
  return outcomes.map(({ action, result }) => `${action.case} ${result.error?.code ?? "done"}`);
}

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

  test("leaves out what no request can carry, and reports it", () => {
    const big = a.candidates("1", 0, 60);
    const [box, outcomes] = boxes.fill(boxOf(big, a.end("1")), { commands: 32, bytes: 200 });
    expect([numbers(box), words(outcomes)]).toEqual([["1 end"], [`candidates ${ErrorCode.TOO_LARGE}`]]);
  });
});

describe("results", () => {
  test("answer the commands of their numbers, each once", () => {
    const [box, outcomes] = boxes.settle(filled(a.invite("1"), a.end("1")), done(1n, 1n, 2n, 9n));
    expect([words(outcomes), numbers(box), box.nextSeq]).toEqual([["invite done", "end done"], [], 3n]);
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
      a.end("1"),
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

  test("counts on from what the server has executed", () => {
    expect(boxes.rebase(boxOf(a.end("1")), 7n).nextSeq).toEqual(8n);
  });
});

test("a resume keeps the numbers of what was sent", () => {
  expect([boxes.resume(filled(a.end("1")), 5n).nextSeq, boxes.resume(boxOf(a.end("1")), 5n).nextSeq]).toEqual(
    [1n, 6n],
  );
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
});
