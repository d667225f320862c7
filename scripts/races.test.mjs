import { describe, expect, test } from "vitest";
import { playwrightTests, raceComplaints, raceTable, rowsOf, vitestTests } from "./lib/races.mjs";
import { withParts } from "./lib/reliability-document.mjs";

const rows = [
  { row: 1, group: "Setup", scenario: "Glare", outcome: "One call lives." },
  { row: 2, group: "Setup", scenario: "Push", outcome: "It rings.", waitsFor: "push notifications" },
];
const shown = { title: "1: crossing calls become one", file: "a/b.test.ts", passed: true };

describe("the race table", () => {
  test("reads the rows from the beginning of a test's name", () => {
    expect(rowsOf("1: crossing calls become one")).toEqual([1]);
    expect(rowsOf("8, 10: a cancel that comes late")).toEqual([8, 10]);
    expect(rowsOf("after 10: nothing")).toEqual([]);
    expect(rowsOf("10 calls leave nothing behind")).toEqual([]);
  });

  test("takes the tests of both runners", () => {
    const vitest = {
      testResults: [
        { name: "/repo/a/b.test.ts", assertionResults: [{ title: shown.title, status: "passed" }] },
      ],
    };
    expect(vitestTests(vitest, "/repo")).toEqual([shown]);
    const playwright = {
      suites: [{ suites: [{ specs: [{ title: "1: x", file: "c.spec.ts", ok: false }] }] }],
    };
    expect(playwrightTests(playwright, "e2e/tests")).toEqual([
      { title: "1: x", file: "e2e/tests/c.spec.ts", passed: false },
    ]);
  });

  test("complains of a row without a test, of one that failed, and of a number that is no row", () => {
    expect(raceComplaints(rows, [shown])).toEqual([]);
    expect(raceComplaints(rows, [])).toEqual(["row 1 has no test: Glare"]);
    expect(raceComplaints(rows, [{ ...shown, passed: false }])).toEqual([
      "row 1 has a test that failed: Glare",
    ]);
    expect(raceComplaints(rows, [shown, { ...shown, title: "7: x" }])).toEqual([
      'a/b.test.ts: "7: x" names a row that is not in reliability/races.json',
    ]);
  });

  test("links each row to its tests, once, and says what a row waits for", () => {
    expect(raceTable(rows, [shown, shown])).toEqual([
      "### Setup",
      "",
      "| row | what happens | what must come of it | test | result |",
      "|---|---|---|---|---|",
      "| 1 | Glare | One call lives. | [crossing calls become one](../a/b.test.ts) | passed |",
      "| 2 | Push | It rings. | – | waits for push notifications |",
      "",
    ]);
  });

  test("is put into its place of the document, and nowhere else", () => {
    const document = "before\n<!-- races -->\nold\n<!-- /races -->\nafter";
    expect(withParts(document, { races: ["new"] })).toBe(
      "before\n<!-- races -->\n\nnew\n\n<!-- /races -->\nafter",
    );
    expect(() => withParts("nothing", { races: [] })).toThrow('no place for "races"');
  });
});
