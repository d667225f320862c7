import { expect, test } from "vitest";
import { createLineSink, type LineStream } from "./line-sink.ts";

type Mode = "writes" | "fails" | "throws" | "waits";

function setUp() {
  const written: string[] = [];
  const state: { mode: Mode; waiting: number } = { mode: "writes", waiting: 0 };
  const stream: LineStream = {
    get writableLength() {
      return state.waiting;
    },
    write(text, done) {
      if (state.mode === "throws") throw new Error("gone");
      if (state.mode === "fails") return done(new Error("ENOSPC"));
      if (state.mode === "waits") {
        state.waiting += text.length;
        return;
      }
      written.push(text);
      done(null);
    },
    on() {},
  };
  const sink = createLineSink(stream, (count) => `${count} lost\n`);
  return { sink, written, state };
}

test.each<Mode>(["fails", "throws"])(
  "what a stream that %s does not take is counted, and told once",
  (mode) => {
    const { sink, written, state } = setUp();
    sink("1\n");
    state.mode = mode;
    for (let line = 0; line < 5; line++) sink("x\n");
    state.mode = "writes";
    sink("2\n");
    sink("3\n");
    expect(written).toEqual(["1\n", "2\n", "\n5 lost\n", "3\n"]);
  },
);

test("a reader that is asleep costs a megabyte and no more, and hears how much it missed", () => {
  const { sink, written, state } = setUp();
  state.mode = "waits";
  const line = `${"x".repeat(1_023)}\n`;
  for (let index = 0; index < 3_000; index++) sink(line);
  expect([state.waiting > 1_000_000, state.waiting < 1_100_000]).toEqual([true, true]);
  Object.assign(state, { mode: "writes", waiting: 0 });
  sink("2\n");
  expect(written).toEqual(["2\n", "\n1975 lost\n"]);
});
