import { describe, expect, test } from "vitest";
import { sampleCandidates, sampleOffer } from "../docs/call-samples.ts";
import type { SignalingInput } from "../ports.ts";
import { fromCandidates } from "../wire/inbound.ts";
import { toAction } from "../wire/outbound.ts";
import { createExchange } from "./exchange.ts";
import { type LossyLink, type LossyLinkOptions, lossyLink } from "./lossy-link.ts";
import { virtualClock } from "./virtual-clock.ts";

const callId = "0a".repeat(16);
const signals = 40;

/** ana trickles to ben over two links with these faults; both are up before. */
function trickle(
  seed: number,
  faults: Partial<LossyLinkOptions>,
  meanwhile: (links: readonly LossyLink[]) => void,
) {
  const clock = virtualClock();
  const exchange = createExchange({ clock, seed });
  const heard: SignalingInput[][] = [[], []];
  const links = ["ana", "ben"].map((user, i) => {
    const link = lossyLink({ endpoint: exchange.attach({ user }), clock, seed: seed + i, ...faults });
    link.start((input) => void heard[i]?.push(input));
    return link;
  });
  while (clock.advanceToNext());
  links[0]?.send(toAction(callId, { type: "invite", callee: "ben", kind: "data", offer: sampleOffer }));
  for (let firstIndex = 0; firstIndex < signals; firstIndex++) {
    clock.setTimer(clock.now() + firstIndex * 20, () => {
      const candidates = { ...sampleCandidates, firstIndex };
      links[0]?.send(toAction(callId, { type: "candidates", candidates }));
      if (firstIndex === signals / 2) meanwhile(links);
    });
  }
  clock.advanceBy(120_000);
  return { heard, clock };
}

const indexesIn = (inputs: readonly SignalingInput[] | undefined) =>
  inputs?.flatMap((input) =>
    input.type === "event" && input.event.body.case === "candidates"
      ? [fromCandidates(input.event.body.value).firstIndex]
      : [],
  );
const resultsIn = (inputs: readonly SignalingInput[] | undefined) =>
  inputs?.flatMap((input) =>
    input.type === "result" && input.action.case === "candidates"
      ? [fromCandidates(input.action.value).firstIndex]
      : [],
  );
const inOrder = Array.from({ length: signals }, (_, i) => i);

describe("a lossy link", () => {
  test.each([
    ["perfect", {}],
    ["that loses", { drop: 0.4 }],
    ["that repeats", { duplicate: 0.5 }],
    ["that reorders", { reorder: true }],
    ["that does everything at once", { drop: 0.4, duplicate: 0.4, reorder: true }],
  ])("%s delivers each event and each result once, in order", (_, faults) => {
    for (let seed = 1; seed <= 40; seed++) {
      const { heard } = trickle(seed, faults, () => {});
      expect(indexesIn(heard[1]), `events, seed ${seed}`).toEqual(inOrder);
      expect(resultsIn(heard[0]), `results, seed ${seed}`).toEqual(inOrder);
    }
  });

  test("resumes after an interruption with nothing lost and nothing twice, and says when it caught up", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { heard } = trickle(seed, { drop: 0.3, duplicate: 0.3, reorder: true }, (links) => {
        for (const link of links) link.interrupt(700);
      });
      expect(indexesIn(heard[1]), `seed ${seed}`).toEqual(inOrder);
      expect(resultsIn(heard[0]), `seed ${seed}`).toEqual(inOrder);
      const stages = heard[1]?.flatMap(({ type }) => (type === "event" || type === "result" ? [] : [type]));
      expect(stages).toEqual(["hello", "caughtUp", "interrupted", "hello", "caughtUp"]);
    }
  });

  test("two interruptions at once are one", () => {
    const { heard } = trickle(1, {}, (links) => {
      links[1]?.interrupt(300);
      links[1]?.interrupt(100);
    });
    expect(indexesIn(heard[1])).toEqual(inOrder);
  });

  test("delivers nothing after stop", () => {
    const { heard, clock } = trickle(1, {}, (links) => links[1]?.stop("page-gone"));
    const before = heard[1]?.length;
    clock.advanceBy(5_000);
    expect(heard[1]?.length).toBe(before);
    expect(indexesIn(heard[1])?.length).toBeLessThan(signals);
  });
});
