import { describe, expect, test } from "vitest";
import { narrowedRules, type RuleSet, ruleSet } from "../tooling/narrowed-rules.ts";

type Row = readonly [what: string, released: RuleSet, today: RuleSet];

describe("a rule is narrower than it was", () => {
  test.each<Row>([
    ["required", {}, { required: true }],
    ["a new bound", {}, { "string.max_bytes": "64" }],
    ["a smaller length", { "bytes.max_len": "64" }, { "bytes.max_len": "16" }],
    ["a smaller length of more digits", { "bytes.max_len": "64" }, { "bytes.max_len": "8" }],
    ["a length of nothing", { "bytes.max_len": "64" }, { "bytes.max_len": "0" }],
    ["an exact length below a longest", { "bytes.max_len": "16" }, { "bytes.len": "8" }],
    ["an exact length where there was only a longest", { "bytes.max_len": "16" }, { "bytes.len": "16" }],
    ["fewer items", { "repeated.max_items": "64" }, { "repeated.max_items": "32" }],
    ["items that are shorter", item("64"), item("63")],
    ["keys that are shorter", { "map.keys.string.max_bytes": "64" }, { "map.keys.string.max_bytes": "9" }],
    ["a longer least", { "string.min_len": "1" }, { "string.min_len": "2" }],
    ["a later earliest", { "duration.gte": "1s" }, { "duration.gte": "15s" }],
    ["an earlier latest", { "duration.lte": "120s" }, { "duration.lte": "119.5s" }],
    [
      "an earlier time",
      { "timestamp.lt": "2030-01-01T00:00:00Z" },
      { "timestamp.lt": "2029-01-01T00:00:00Z" },
    ],
    ["a range turned inside out", { "uint32.gt": 10, "uint32.lt": 5 }, { "uint32.gt": 3, "uint32.lt": 5 }],
    ["a pattern", {}, { "string.pattern": "^a$" }],
    ["another pattern", { "string.pattern": "^a$" }, { "string.pattern": "^a+$" }],
    ["another prefix", { "string.prefix": "a" }, { "string.prefix": "ab" }],
    ["a constant", { "bool.const": false }, { "bool.const": true }],
    ["only defined values", { "enum.not_in": [0] }, { "enum.not_in": [0], "enum.defined_only": true }],
    ["one value less", { "enum.not_in": [0] }, { "enum.not_in": [0, 3] }],
    ["a list of values", {}, { "string.in": ["a"] }],
    ["a shorter list of values", { "string.in": ["a", "b"] }, { "string.in": ["b"] }],
    ["an expression", {}, { cel: [{ id: "x", expression: "this > 1" }] }],
    ["another expression", { cel_expression: ["this > 1"] }, { cel_expression: ["this > 2"] }],
    ["a format", {}, { "string.email": true }],
    ["a rule that was ignored", { ignore: "IGNORE_ALWAYS", required: true }, { required: true }],
    ["a zero value that was ignored", { ignore: "IGNORE_IF_ZERO_VALUE" }, { ignore: "IGNORE_UNSPECIFIED" }],
    ["a rule of tomorrow", {}, { "string.of_tomorrow": "x" }],
  ])("by %s", (_, released, today) => {
    expect(narrowedRules(released, today)).not.toEqual([]);
  });

  test("and says which, with what it was", () => {
    expect(narrowedRules({ "bytes.max_len": "64" }, { required: true, "bytes.max_len": "16" })).toEqual([
      "required true is new",
      'bytes.max_len is "16", was "64"',
    ]);
  });
});

describe("a rule is as wide as it was", () => {
  test.each<Row>([
    ["without a change", { required: true, "bytes.len": "16" }, { required: true, "bytes.len": "16" }],
    ["without being required", { required: true }, {}],
    ["required no longer, in words", { required: true }, { required: false }],
    ["with a greater length", { "bytes.max_len": "64" }, { "bytes.max_len": "256" }],
    ["with a greater length of fewer nines", { "bytes.max_len": "99" }, { "bytes.max_len": "100" }],
    ["with an exact length made a longest", { "bytes.len": "16" }, { "bytes.max_len": "16" }],
    [
      "with an exact length made a range",
      { "string.len": "4" },
      { "string.min_len": "1", "string.max_len": "9" },
    ],
    ["with an earlier earliest", { "duration.gte": "15s" }, { "duration.gte": "1.5s" }],
    ["without its pattern", { "string.pattern": "^a$" }, {}],
    ["with one refused value less", { "enum.not_in": [0, 3] }, { "enum.not_in": [3] }],
    ["with one accepted value more", { "string.in": ["a"] }, { "string.in": ["b", "a"] }],
    ["with any value", { "string.in": ["a"] }, {}],
    ["with an expression less", { cel_expression: ["a", "b"] }, { cel_expression: ["b"] }],
    ["with all of it ignored", {}, { ignore: "IGNORE_ALWAYS", required: true, "bytes.len": "16" }],
    ["with its zero value ignored", {}, { ignore: "IGNORE_IF_ZERO_VALUE" }],
    ["with an example", {}, { "string.example": ["a"] }],
  ])("%s", (_, released, today) => {
    expect(narrowedRules(released, today)).toEqual([]);
  });
});

test("rules are named by their path", () => {
  expect(
    ruleSet({ required: true, repeated: { max_items: "8", items: { string: { max_bytes: "64" } } } }),
  ).toEqual({ required: true, "repeated.max_items": "8", "repeated.items.string.max_bytes": "64" });
});

function item(maxBytes: string): RuleSet {
  return { "repeated.items.string.max_bytes": maxBytes };
}
