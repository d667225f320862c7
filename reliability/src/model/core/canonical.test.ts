import { expect, test } from "vitest";
import { exchanging } from "../calls/names.ts";
import { canonical } from "./canonical.ts";

test("values that are equal have one text, whatever the order of their keys", () => {
  const one = canonical({ b: [1, { d: 2n, c: "x" }], a: undefined, bytes: new Uint8Array([1, 255]) });
  expect(one).toBe('{"b":[1,{"c":"x","d":2n}],"bytes":x"01ff"}');
  expect(canonical({ bytes: new Uint8Array([1, 255]), b: [1, { c: "x", d: 2n }] })).toBe(one);
});

test("sets have no order, and what does not matter is left out", () => {
  const options = { unordered: new Set(["set"]), skip: new Set(["note"]) };
  expect(canonical({ set: ["b", "a"], note: 1 }, options)).toBe('{"set":["a","b"]}');
});

test("a function is no state", () => {
  expect(() => canonical({ run: () => 1 })).toThrow(TypeError);
});

test("symmetric names are exchanged as text, in bytes, and in the bytes of a text", () => {
  const rename = exchanging([["a1a1", "b2b2"]]);
  const written = canonical(
    { id: "a1a1", raw: new Uint8Array([0xb2, 0xb2]), text: new TextEncoder().encode("a1a1") },
    { rename },
  );
  expect(written).toBe('{"id":"b2b2","raw":x"a1a1","text":x"62326232"}');
});
