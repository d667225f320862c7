import { stripVTControlCharacters } from "node:util";

/** What a runner or a check came to: how many passed, failed and were skipped, and for failures why. */

export const onePassed = { passed: 1, failed: 0, skipped: 0 };

/** A failure that no test stands for. */
export function oneFailed(why) {
  return { passed: 0, failed: 1, skipped: 0, why };
}

/** The tally of a vitest JSON report. A file that could not be loaded counts as a failed test. */
export function countVitest(report) {
  const unloaded = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every(isNotFailed),
  );
  const tally = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return checked(tally, report.success);
}

/**
 * The tally of a Playwright JSON report. A test that passed only when repeated has failed. An error outside of any test,
 * such as that of a global setup, is named.
 */
export function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  const tally = checked(
    { passed: expected, failed: unexpected + flaky, skipped },
    report.errors.length === 0,
  );
  const message = report.errors[0]?.message;
  return message === undefined ? tally : { ...tally, why: withoutColors(message) };
}

function withoutColors(text) {
  return stripVTControlCharacters(text).trim();
}

/** All tallies in one. */
export function sum(tallies) {
  return tallies.reduce(
    (total, tally) => ({
      passed: total.passed + tally.passed,
      failed: total.failed + tally.failed,
      skipped: total.skipped + tally.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** The last line of a run. */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function checked(tally, success) {
  if (tally.passed + tally.failed === 0) {
    return { ...tally, failed: 1, why: "no test ran" };
  }
  if (tally.failed === 0 && !success) {
    return { ...tally, failed: 1, why: "an error outside of any test" };
  }
  return tally;
}

function isNotFailed(assertion) {
  return assertion.status !== "failed";
}
