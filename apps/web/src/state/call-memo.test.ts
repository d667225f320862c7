import type { ChatEntry, PeerlineView } from "@peerline/client";
import { beforeEach, describe, expect, test } from "vitest";
import { fakeCall, fakeDetails, fakeRecent, fakeView } from "../testing/fake-views.ts";
import { type CallMemo, createCallMemo } from "./call-memo.ts";

const kept = new Map<string, string>();
let steadyMs = 0;
let wallMs = 0;

beforeEach(() => {
  kept.clear();
  steadyMs = 5_000;
  wallMs = 1_800_000_000_000;
});

/** The page after a load: its steady clock begins anew, the tab's storage does not. */
function load(): CallMemo {
  steadyMs %= 7;
  return createCallMemo({
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    },
    steady: () => steadyMs,
    wall: () => wallMs,
  });
}

function pass(ms: number): void {
  steadyMs += ms;
  wallMs += ms;
}

const line = (id: string, text = id): ChatEntry => ({ id, from: "them", text, at: 1 });
const live = (chat: readonly ChatEntry[] = []): PeerlineView =>
  fakeView({ call: fakeCall("live"), details: fakeDetails({ chat }) });
const again = (chat: readonly ChatEntry[] = []): PeerlineView =>
  fakeView({ call: fakeCall("connecting"), details: fakeDetails({ chat }) });
const over = (talkedMs: number | undefined): PeerlineView => {
  const end = { reason: "hung-up", by: "me", at: 0, talkedMs } as const;
  const call = fakeCall("ended", { end });
  const { callId } = call;
  return fakeView({ call, recent: [fakeRecent(callId, { end }), fakeRecent("other", {})] });
};
const callId = fakeCall("live").callId;
const texts = (view: PeerlineView) => view.details?.chat.map(({ text }) => text);

describe("without a reload", () => {
  test("a view is what it was, and its call lasts by the steady clock alone", () => {
    const memo = load();
    const view = live([line("1")]);
    expect(memo.apply(view)).toBe(view);
    pass(7_000);
    wallMs += 3_600_000;
    expect(memo.talkedMs(callId)).toBe(7_000);
    const ended = over(7_000);
    expect(memo.apply(ended)).toBe(ended);
  });

  test("a call that does not talk yet has lasted nothing", () => {
    const memo = load();
    memo.apply(again());
    pass(7_000);
    expect(memo.talkedMs(callId)).toBe(0);
  });

  test("when the call is over nothing of what was said is kept", () => {
    const memo = load();
    memo.apply(live([line("1", "a secret")]));
    expect([...kept.values()].join()).toContain("a secret");
    memo.apply(over(1_000));
    expect([...kept]).toEqual([]);
  });
});

describe("after a reload", () => {
  test("the chat is there at once, each line once, and goes on", () => {
    load().apply(live([line("1"), line("2")]));
    pass(2_000);
    const memo = load();
    expect(texts(memo.apply(again()))).toEqual(["1", "2"]);
    expect(memo.linesBefore(callId)).toEqual(new Set(["1", "2"]));
    expect(memo.linesBefore("other")).toEqual(new Set());
    expect(texts(memo.apply(live([line("2"), line("3")])))).toEqual(["1", "2", "3"]);
    const second = load();
    expect(texts(second.apply(live()))).toEqual(["1", "2", "3"]);
  });

  test("the time goes on where it was, the time of the reload included", () => {
    const before = load();
    before.apply(live());
    pass(60_000);
    before.apply(live());
    pass(4_000);
    const memo = load();
    memo.apply(again());
    pass(1_000);
    memo.apply(live());
    pass(10_000);
    expect(memo.talkedMs(callId)).toBe(75_000);
  });

  test("the summary and the recent calls have the whole length, also after another reload", () => {
    const before = load();
    before.apply(live());
    pass(60_000);
    before.apply(live());
    const memo = load();
    memo.apply(again());
    pass(1_000);
    memo.apply(live());
    pass(9_000);
    const { call, recent } = memo.apply(over(9_000));
    expect([call?.end?.talkedMs, recent.map(({ end }) => end.talkedMs)]).toEqual([
      70_000,
      [70_000, undefined],
    ]);
    expect(load().apply(over(9_000)).recent[0]?.end.talkedMs).toBe(70_000);
  });

  test("a call that ends before it is live again has its length", () => {
    const before = load();
    before.apply(live());
    pass(60_000);
    before.apply(live());
    const memo = load();
    memo.apply(again());
    pass(1_000);
    expect(memo.apply(over(undefined)).call?.end?.talkedMs).toBe(61_000);
  });

  test.each([
    ["an hour ahead", 3_600_000, 60_000 + 180_000],
    ["an hour back", -3_600_000, 60_000],
  ])("a wall clock that was set %s meanwhile costs no more than a reload may take", (_, step, lengthMs) => {
    const before = load();
    before.apply(live());
    pass(60_000);
    before.apply(live());
    wallMs += step;
    const memo = load();
    memo.apply(live());
    expect(memo.talkedMs(callId)).toBe(lengthMs);
  });

  test("another call takes nothing from it", () => {
    load().apply(live([line("1")]));
    const memo = load();
    const other = fakeView({ call: fakeCall("live", { callId: "f".repeat(32) }), details: fakeDetails() });
    expect(texts(memo.apply(other))).toEqual([]);
    expect(memo.talkedMs("f".repeat(32))).toBe(0);
  });

  test("a call that nobody came back to is forgotten", () => {
    load().apply(live([line("1")]));
    const memo = load();
    memo.apply(fakeView({ link: "connecting" }));
    memo.apply(fakeView());
    expect(kept.size).toBe(1);
    pass(180_001);
    memo.apply(fakeView());
    expect(kept.size).toBe(0);
  });

  test("a page that closes its session keeps what it has", () => {
    const before = load();
    before.apply(live([line("1")]));
    before.apply(fakeView({ link: "stopped" }));
    expect(texts(load().apply(again()))).toEqual(["1"]);
  });
});

test.each([
  "",
  "null",
  "7",
  "{",
  "[]",
  `{"callId":"${callId}"}`,
  `{"callId":"${callId}","at":1e999,"chat":[]}`,
  `{"callId":"${callId}","at":-1,"talkedMs":"x","chat":[]}`,
])("what is kept as %j is nothing", (text) => {
  kept.set("peerline.memo", text);
  kept.set("peerline.lengths", text);
  const memo = load();
  expect(texts(memo.apply(live()))).toEqual([]);
  expect(memo.talkedMs(callId)).toBe(0);
});

test("lines that are none are left out, and a chat beyond bounds loses its oldest", () => {
  const chat = [null, 7, { id: "1" }, { ...line("2"), from: "nobody" }, line("3")];
  kept.set("peerline.memo", JSON.stringify({ callId, at: wallMs, talkedMs: 5, chat }));
  expect(texts(load().apply(live()))).toEqual(["3"]);
  const long = Array.from({ length: 1_000 }, (_, index) => line(`${index}`, "x".repeat(8_000)));
  load().apply(live(long));
  expect(kept.get("peerline.memo")?.length).toBeLessThan(600_000);
  expect(load().apply(live()).details?.chat.at(-1)?.id).toBe("999");
});

test("signing out forgets everything", () => {
  const memo = load();
  memo.apply(live([line("1")]));
  memo.clear();
  expect(kept.size).toBe(0);
});
