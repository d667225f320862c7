import { expect, test } from "vitest";
import { faultTexts } from "../faults/fault-texts.ts";
import { labTexts } from "../lab/lab-texts.ts";
import { texts } from "./texts.ts";

type Table = { readonly [key: string]: unknown };

/** Every text of a table by its key; those made from values are given plain ones. */
function allTexts(table: Table, prefix: string): readonly (readonly [string, unknown])[] {
  return Object.entries(table).flatMap(([key, value]) => {
    const name = `${prefix}.${key}`;
    if (typeof value === "function") return [[name, value(1, 1, 1)] as const];
    if (typeof value === "object" && value !== null) return allTexts(value as Table, name);
    return [[name, value] as const];
  });
}

test.each([
  ...allTexts(texts, "texts"),
  ...allTexts(labTexts, "labTexts"),
  ...allTexts(faultTexts, "faultTexts"),
])("%s is a text", (_, text) => {
  expect(text).toEqual(expect.stringMatching(/\S/));
  expect(text).not.toMatch(/undefined|\[object|NaN/);
});

test.each([
  [texts.phase.dialing("Ana"), "Calling Ana…"],
  [texts.phase.ringing(), "Ringing…"],
  [texts.banner["peer-lost"]("Ana"), "Ana's connection dropped. Waiting…"],
  [texts.banner["server-lost"](), "Lost contact with the server. Your call continues."],
  [texts.call.interruptions(1), "1 short interruption"],
  [texts.call.interruptions(2), "2 short interruptions"],
  [texts.units.bitrate(999_499), "999 kbit/s"],
  [texts.units.bitrate(1_000_000), "1.0 Mbit/s"],
  [texts.units.picture(640, 480, undefined), "640 × 480"],
])("says %s", (text, expected) => {
  expect(text).toBe(expected);
});
