/**
 * The race table: which tests show which row. A test shows a row when its name begins with the row's number, as in
 * "12: a decline that commits first ends the call everywhere"; several rows are separated by commas.
 */

/** A test of a report: `{ title, file, passed }`, where `file` is a path of the repository. */

/** The rows that a test's name begins with. */
export function rowsOf(title) {
  const numbers = /^(\d{1,3}(?:, ?\d{1,3})*): /.exec(title)?.[1];
  return numbers === undefined ? [] : numbers.split(",").map(Number);
}

/** The tests of a vitest JSON report, with paths relative to `root`. */
export function vitestTests(report, root) {
  return report.testResults.flatMap((file) =>
    file.assertionResults.map(({ title, status }) => ({
      title,
      file: relative(file.name, root),
      passed: status === "passed",
    })),
  );
}

/** The tests of a Playwright JSON report, whose files are relative to `folder`. */
export function playwrightTests(report, folder) {
  const testsIn = (suite) => [
    ...(suite.specs ?? []).map(({ title, file, ok }) => ({ title, file: `${folder}/${file}`, passed: ok })),
    ...(suite.suites ?? []).flatMap(testsIn),
  ];
  return report.suites.flatMap(testsIn);
}

/** Each row with its tests, in the table's order. */
export function rowsWithTests(rows, tests) {
  return rows.map((row) => ({ ...row, tests: tests.filter(({ title }) => rowsOf(title).includes(row.row)) }));
}

/** What keeps the table from being whole, one line each. */
export function raceComplaints(rows, tests) {
  const known = new Set(rows.map(({ row }) => row));
  const strangers = tests.filter(({ title }) => rowsOf(title).some((row) => !known.has(row)));
  const shown = rowsWithTests(rows, tests);
  return [
    ...strangers.map(
      ({ title, file }) => `${file}: "${title}" names a row that is not in reliability/races.json`,
    ),
    ...shown
      .filter((row) => row.tests.length === 0 && row.waitsFor === undefined)
      .map(({ row, scenario }) => `row ${row} has no test: ${scenario}`),
    ...shown
      .filter((row) => row.tests.some(({ passed }) => !passed))
      .map(({ row, scenario }) => `row ${row} has a test that failed: ${scenario}`),
  ];
}

/** The table as Markdown, one part for each group. */
export function raceTable(rows, tests) {
  const shown = rowsWithTests(rows, tests);
  const groups = [...new Set(shown.map(({ group }) => group))];
  return groups.flatMap((group) => [
    `### ${group}`,
    "",
    "| row | what happens | what must come of it | test | result |",
    "|---|---|---|---|---|",
    ...shown.filter((row) => row.group === group).map(raceLine),
    "",
  ]);
}

function raceLine({ row, scenario, outcome, waitsFor, tests }) {
  const links = tests.map(({ title, file }) => `[${escaped(title.replace(/^[\d, ]+: /, ""))}](../${file})`);
  const shownBy = [...new Set(links)].join("<br>");
  return `| ${row} | ${scenario} | ${outcome} | ${shownBy || "–"} | ${resultOf(tests, waitsFor)} |`;
}

function resultOf(tests, waitsFor) {
  if (tests.some(({ passed }) => !passed)) {
    return "**failed**";
  }
  if (waitsFor !== undefined) {
    return `waits for ${waitsFor}`;
  }
  return tests.length > 0 ? "passed" : "**no test**";
}

function escaped(text) {
  return text.replaceAll("|", "\\|").replaceAll("[", "\\[").replaceAll("]", "\\]");
}

function relative(path, root) {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
