import { expect, test } from "vitest";
import { mutantsDocument, scoreOf, survivorsOf } from "./lib/mutants.mjs";

const at = (line, from, to) => ({ start: { line, column: from }, end: { line, column: to } });
const report = {
  files: {
    "a/b.ts": {
      source: "const x = 1;\nreturn x > 0;\n",
      mutants: [
        {
          mutatorName: "EqualityOperator",
          status: "Survived",
          replacement: "x >= 0",
          location: at(2, 8, 13),
        },
        { mutatorName: "BooleanLiteral", status: "Killed", replacement: "false", location: at(2, 8, 13) },
        { mutatorName: "BlockStatement", status: "Timeout", replacement: "{}", location: at(1, 1, 3) },
        { mutatorName: "StringLiteral", status: "NoCoverage", replacement: '""', location: at(1, 11, 12) },
        { mutatorName: "StringLiteral", status: "Ignored", replacement: '""', location: at(1, 11, 12) },
        { mutatorName: "StringLiteral", status: "CompileError", replacement: '""', location: at(1, 11, 12) },
      ],
    },
  },
};

test("the score counts what was noticed among what could have been", () => {
  expect(scoreOf(Object.values(report.files))).toEqual({ killed: 2, counted: 4, percent: 50 });
});

test("survivors are named with their place and their change", () => {
  const survivors = survivorsOf(report).map(({ file, line, change }) => [file, line, change]);
  expect(survivors).toEqual([
    ["a/b.ts", 2, "`x > 0` → `x >= 0`"],
    ["a/b.ts", 1, '`1` → `""`'],
  ]);
});

test("the page lists them by reason, and those without one apart", () => {
  const reasons = [{ mutator: "EqualityOperator", reason: "a moment that makes no difference" }];
  expect(mutantsDocument(report, reasons, "2026-01-02").split("\n").slice(2, 11)).toEqual([
    "Written by `npm run mutants` on 2026-01-02: 2 of 4 changes to the decision code were noticed",
    "by a test, **50.0 %**; the run fails below 85 %. 1 more are in what",
    "runs once when a module loads (tables, constants); they were not tried. What survived, by reason:",
    "",
    "- **a moment that makes no difference** (1)",
    "  - a/b.ts:2 `x > 0` → `x >= 0`",
    "- **No test yet** (1)",
    '  - a/b.ts:1 `1` → `""`',
    "",
  ]);
});
