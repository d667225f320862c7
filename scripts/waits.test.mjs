import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { callSetup } from "../packages/call-machine/src/call/actions.ts";
import { callMachine } from "../packages/call-machine/src/call/machine.ts";
import { stop } from "../packages/call-machine/src/call/steps/index.ts";
import { callWaits } from "../packages/call-machine/src/docs/chart-waits.ts";
import { withParts } from "./lib/reliability-document.mjs";
import { root } from "./lib/repo.mjs";
import { constantOf, declaredIn, membersOf, outsideWaits, stateUnionsIn } from "./lib/wait-facts.mjs";
import {
  foundWaits,
  lengthOf,
  listedWaits,
  productSources,
  waitComplaints,
  waitsTable,
} from "./lib/waits.mjs";

const [listed, sources] = [listedWaits(), productSources()];
const found = foundWaits({ sources });
const own = new Set(sources.flatMap((source) => [...declaredIn(source.text, source.path)]));
/** Beside what is wrong already. */
const newComplaints = (waits) => {
  const known = waitComplaints(listed, found);
  return waitComplaints(listed, waits).filter((complaint) => !known.includes(complaint));
};
const isLimbo = ({ state }) => state === "outgoing.limbo";
const path = "apps/web/src/x.ts";
const said = (name) =>
  `nothing is said of the wait "${name}": add it to reliability/waits.json with its deadline, or why it needs none`;

describe("the waits of this code", () => {
  test("are all listed, each with a deadline or a reason why it has none", () => {
    expect(waitComplaints(listed, found)).toEqual([]);
  });

  test("are in docs/reliability.md as they are (npm run reliability -- --waits)", () => {
    const document = readFileSync(join(root, "docs", "reliability.md"), "utf8");
    expect(withParts(document, { waits: waitsTable(listed, found) })).toBe(document);
  });
});

describe("a new wait is noticed", () => {
  test.each([
    ["that the timer of its parent ends", {}, "limbo", false],
    ["whose timer does nothing when it fires", { on: { "timer.ring": {} } }, "limbo", true],
    ["that is entered as the timer stops", { entry: stop("ring") }, "limbo", true],
    ["that nothing leads to", {}, "ringing", true],
  ])("in the call's chart: a state %s", (_, limbo, target, isOpen) => {
    const { outgoing, ...others } = callMachine.config.states;
    const calling = { ...outgoing.states.calling, on: { "remote.alerting": target } };
    const states = { ...others, outgoing: { ...outgoing, states: { ...outgoing.states, calling, limbo } } };
    const chart = callWaits(callSetup.createMachine({ ...callMachine.config, states }));
    const charted = [...found, { name: "call: outgoing.limbo", chart: chart.find(isLimbo) }];
    expect([newComplaints(charted), chart.find(isLimbo)?.isOpen]).toEqual([
      [said("call: outgoing.limbo")],
      isOpen,
    ]);
  });

  test.each([
    [
      "a call of the platform",
      "export async function f() { await navigator.wakeLock.request(1); }",
      "request",
    ],
    [
      "a call that is not awaited",
      "export const p = () => navigator.mediaDevices.getUserMedia({});",
      "getUserMedia",
    ],
    ["a promise that is chained", "export const p = () => navigator.share({}).then(() => 1);", "share"],
    ["a promise made by hand", "export const p = () => new Promise(() => {});", "new Promise"],
    ["the same in its other form", "export const p = () => Promise.withResolvers();", "new Promise"],
    ["a stream", "export async function f(s) { for await (const x of s) x(); }", "for await"],
    ["code that is loaded", 'export const p = () => import("./y.ts");', "import ./y.ts"],
    ["a request", "export const p = () => fetch(1);", "fetch"],
    ["the application's code", "export const p = (options) => options.getToken();", "getToken"],
    ["a lock", "export const p = (locks) => locks?.request(1);", "request"],
  ])("in a source: %s", (_, text, name) => {
    const waits = outsideWaits(text, path, own).map((wait) => ({ name: `${path}: ${wait}` }));
    expect(newComplaints([...found, ...waits])).toEqual([said(`${path}: ${name}`)]);
  });

  test.each([
    ["what does not wait", "export const f = () => navigator.userAgent.split(' ');"],
    ["what this code declares itself", "async function g() {}\nexport async function f() { await g(); }"],
    [
      "several of its own at once",
      "async function g() {}\nexport const f = () => Promise.all([g()]).then(g);",
    ],
    ["a name that only looks like one", "export function f(fetch) { fetch(); }"],
  ])("but not %s", (_, text) => {
    expect(outsideWaits(text, path, declaredIn(text, path))).toEqual([]);
  });
});

describe("the list of waits", () => {
  const waits = [{ name: "a" }, { name: "b" }];
  const rows = (...all) => [{ group: "g", rows: all }];
  const row = { at: "A", covers: ["a", "b"], for: "x", next: "y" };
  const timers = [{ timer: "ring", leastMs: 1_000, mostMs: 65_000 }];

  test("is complete when each wait has its row, with an end or a reason", () => {
    expect(waitComplaints(rows({ ...row, because: "final" }), waits)).toEqual([]);
    expect(waitComplaints(rows({ ...row, within: ["f helloMs"] }), waits)).toEqual([]);
  });

  test("lacks a deadline", () => {
    expect(waitComplaints(rows(row), waits)).toEqual(['"A" has neither a deadline nor a reason for none']);
  });

  test("lacks a deadline where the chart has one in some situations only", () => {
    const charted = [{ name: "a", chart: { state: "a", deadlines: timers, isOpen: true } }, { name: "b" }];
    expect(waitComplaints(rows(row), charted)).toEqual(['"A" has neither a deadline nor a reason for none']);
  });

  test("has a reason that is none any more", () => {
    const charted = waits.map(({ name }) => ({
      name,
      chart: { state: name, deadlines: timers, isOpen: false },
    }));
    expect([
      waitComplaints(rows(row), charted),
      waitComplaints(rows({ ...row, because: "final" }), charted),
    ]).toEqual([[], ['"A" has a deadline of its own, and needs no reason']]);
  });

  test("has what is gone, and what is twice", () => {
    const stale = rows({ ...row, covers: ["a", "b", "b", "c"], because: "final" });
    expect(waitComplaints(stale, waits)).toEqual([
      '"c" waits for nothing any more: take it out',
      '"b" is listed twice',
    ]);
  });

  test("becomes a table with the lengths of the chart and of the code", () => {
    const charted = [{ name: "a", chart: { state: "a", deadlines: timers, isOpen: true } }, { name: "b" }];
    const timed = rows({ ...row, within: ["f helloMs"], because: "final" });
    expect(waitsTable(timed, charted, () => 5_000)).toEqual([
      "**g**",
      "",
      "| where | waits for | at most | then |",
      "|---|---|---|---|",
      "| A | x | 1 s to 65 s `ring`<br>5 s `helloMs`<br>– final | y |",
      "",
    ]);
  });
});

describe("what is read from a source", () => {
  test("the unions that are states by their names", () => {
    const text = [
      'export type DoorState = "open" | "shut";',
      'type LiftPhase = { readonly type: "up" } | { readonly type: "down" };',
      'type Colour = "red" | "blue";',
      "type OddState = number | string;",
    ].join("\n");
    expect(stateUnionsIn(text, path)).toEqual(["DoorState", "LiftPhase"]);
  });

  test.each([
    ["const aMs = 1_000;", 1_000],
    ["const second = 1000; export const timers = { aMs: 5 * second };", 5_000],
    ["export const aMs = 2 ** 31 - 1;", 2_147_483_647],
    ["interface T { readonly aMs: number }\nconst x = { aMs: 7 };", 7],
  ])("a constant: %s", (text, value) => {
    expect(constantOf(text, path, "aMs")).toBe(value);
  });

  test("no constant of that name is an error, so that a reference cannot go stale", () => {
    expect(() => constantOf("const bMs = 1;", path, "aMs")).toThrow("gives no number to aMs");
  });

  test.each([
    ["T", 'export type T = "a" | "b";'],
    ["T", 'type T = { readonly type: "a" } | { readonly type: "b"; readonly x: 1 };'],
    ["R.phase", 'export interface R { readonly phase: "a" | "b" }'],
  ])("the members of %s in %s", (name, text) => {
    expect(membersOf(text, path, name)).toEqual(["a", "b"]);
  });

  test("a union that is gone is an error", () => {
    expect(() => membersOf("type T = number;", path, "T")).toThrow("no union of names called T");
  });

  test.each([
    [250, "250 ms"],
    [1_250, "1.25 s"],
    [65_000, "65 s"],
    [90_000, "1.5 min"],
    [900_000, "15 min"],
    [43_200_000, "12 h"],
  ])("%d ms reads %s", (ms, text) => {
    expect(lengthOf(ms)).toBe(text);
  });
});

test("the chart's own deadlines are found by walking it", () => {
  const waits = callWaits();
  expect(waits.find(({ state }) => state === "established.connecting")).toEqual({
    state: "established.connecting",
    deadlines: [
      { timer: "connectHalf", leastMs: 12_000, mostMs: 12_000 },
      { timer: "connect", leastMs: 30_000, mostMs: 30_000 },
    ],
    isOpen: false,
  });
});
