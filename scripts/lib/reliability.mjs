import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { playwrightTests, raceComplaints, raceTable, vitestTests } from "./races.mjs";
import { figuresTable, withParts } from "./reliability-document.mjs";
import { root } from "./repo.mjs";
import { oneFailed, onePassed } from "./summary.mjs";
import { workspaces } from "./workspaces.mjs";

const documentPath = join(root, "docs", "reliability.md");
const racesPath = join(root, "reliability", "races.json");
const figuresPath = join(root, "docs", "reliability-figures.json");
const goalsPath = join(root, "reliability", "goals.json");

/** Every row of the race table has a test that passed, and docs/reliability.md says which. Comes after all tests. */
export const reliabilityStep = {
  name: "race table: every row has its test",
  run: async () => {
    const { complaints, changed } = writeReliability();
    if (complaints.length > 0) {
      return oneFailed(complaints.join("; "));
    }
    return changed
      ? oneFailed("docs/reliability.md was out of date. Fix: commit the one that was just written")
      : onePassed;
  },
};

/** Writes docs/reliability.md from the reports of the last run and the figures. */
export function writeReliability() {
  const rows = readJson(racesPath);
  const tests = reportedTests();
  const changed = writeParts({
    races: raceTable(rows, tests),
    figures: figuresTable(readJson(figuresPath), readJson(goalsPath)),
  });
  return { complaints: raceComplaints(rows, tests), changed };
}

/** Writes these parts into docs/reliability.md. True when that changed it. */
export function writeParts(parts) {
  const before = readFileSync(documentPath, "utf8");
  const after = withParts(before, parts);
  if (after !== before) {
    writeFileSync(documentPath, after);
  }
  return after !== before;
}

function reportedTests() {
  const unit = workspaces()
    .map(({ folder }) => join(root, folder, ".reports", "vitest.json"))
    .filter(existsSync)
    .flatMap((path) => vitestTests(readJson(path), root));
  const browser = [
    ["playwright.json", "e2e/tests"],
    ["lab.json", "e2e/lab/scenarios"],
  ].flatMap(([name, folder]) => {
    const path = join(root, "e2e", ".reports", name);
    return existsSync(path) ? playwrightTests(readJson(path), folder) : [];
  });
  return [...unit, ...browser].sort((a, b) => order(a, b));
}

function order(a, b) {
  return a.file.localeCompare(b.file) || a.title.localeCompare(b.title);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
