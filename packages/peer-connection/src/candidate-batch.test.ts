import { describe, expect, test } from "vitest";
import {
  again,
  beginUfrag,
  type CandidateBatch,
  emptyBatch,
  endGathering,
  flush,
  gather,
} from "./candidate-batch.ts";

const candidate = (name: string) => ({ candidate: name, sdpMid: "0", sdpMLineIndex: 0 });
const gathered = (batch: CandidateBatch, ufrag: string, names: string) =>
  [...names].reduce((all, name) => gather(all, ufrag, candidate(name)), batch);
const text = (signals: ReturnType<typeof again>) =>
  signals.map(
    ({ ufrag, firstIndex, list, end }) =>
      `${ufrag}${firstIndex}:${list.map((one) => one.candidate).join("")}${end ? "." : ""}`,
  );

describe("local candidates", () => {
  test("that gathered together travel in one signal, and each once", () => {
    const [batch, first] = flush(gathered(emptyBatch(3), "a", "xy"));
    expect(first).toEqual([
      { generation: 3, ufrag: "a", firstIndex: 0, list: [candidate("x"), candidate("y")], end: false },
    ]);
    expect(flush(batch)[1]).toEqual([]);
    expect(text(flush(gathered(batch, "a", "z"))[1])).toEqual(["a2:z"]);
  });

  test("are ended once, with the last of them or alone", () => {
    const [batch, signals] = flush(endGathering(gathered(emptyBatch(1), "a", "x")));
    expect(text(signals)).toEqual(["a0:x."]);
    expect(flush(endGathering(batch))[1]).toEqual([]);
    const [later] = flush(gathered(emptyBatch(1), "a", "x"));
    expect(text(flush(endGathering(later))[1])).toEqual(["a1:."]);
  });

  test("after the end are dropped", () => {
    const [batch] = flush(endGathering(gathered(emptyBatch(1), "a", "x")));
    expect(flush(gathered(batch, "a", "y"))[1]).toEqual([]);
  });

  test("of no generation yet cannot be ended", () => {
    expect(emptyBatch(1)).toEqual({ generation: 1, present: undefined, parked: [] });
    expect(flush(endGathering(emptyBatch(1)))[1]).toEqual([]);
  });

  test("of a new ICE generation are numbered from 0; a rollback goes on with the old list", () => {
    const [old] = flush(gathered(emptyBatch(1), "a", "xy"));
    const [fresh, signals] = flush(gathered(old, "b", "z"));
    expect(text(signals)).toEqual(["b0:z"]);
    expect(text(flush(gathered(beginUfrag(fresh, "a"), "a", "w"))[1])).toEqual(["a2:w"]);
  });

  test("of one list follow a rollback, and the list that was rolled back waits in its place", () => {
    const three = ["a", "b", "c"].reduce((all, ufrag) => gathered(all, ufrag, ufrag), emptyBatch(1));
    const list = (ufrag: string) => ({
      ufrag,
      list: [candidate(ufrag)],
      taken: 0,
      ended: false,
      endTaken: false,
    });
    expect(beginUfrag(three, "b")).toEqual({
      generation: 1,
      present: list("b"),
      parked: [list("a"), list("c")],
    });
  });

  test("of the four latest other lists are kept", () => {
    const many = [..."abcdef"].reduce((all, ufrag) => gathered(all, ufrag, ufrag), emptyBatch(1));
    expect(many.parked.map(({ ufrag }) => ufrag)).toEqual(["b", "c", "d", "e"]);
  });

  test("are split into signals of 64, the end with the last, and are at most 256", () => {
    const many = gathered(emptyBatch(1), "a", "x".repeat(300));
    const signals = flush(endGathering(many))[1];
    expect(signals.map(({ firstIndex, list, end }) => [firstIndex, list.length, end])).toEqual([
      [0, 64, false],
      [64, 64, false],
      [128, 64, false],
      [192, 64, true],
    ]);
  });

  test("longer than 1 KiB are dropped", () => {
    expect(flush(gather(emptyBatch(1), "a", candidate("x".repeat(1_025))))[1]).toEqual([]);
    const longest = candidate("x".repeat(1_024));
    expect(gather(emptyBatch(1), "a", longest).present?.list).toEqual([longest]);
  });

  test("can be sent again from the first, as far as they were sent", () => {
    const [batch] = flush(gathered(emptyBatch(1), "a", "xy"));
    expect(text(again(gathered(batch, "a", "z")))).toEqual(["a0:xy"]);
    expect(text(again(flush(endGathering(batch))[0]))).toEqual(["a0:xy."]);
    expect(text(again(flush(endGathering(beginUfrag(emptyBatch(1), "a")))[0]))).toEqual(["a0:."]);
    expect(again(gathered(emptyBatch(1), "a", "x"))).toEqual([]);
    expect(again(emptyBatch(1))).toEqual([]);
  });
});
