import { run, seconds } from "./run.mjs";
import { oneFailed, onePassed, sum, summaryLine } from "./summary.mjs";

/**
 * Runs the steps one after the other, also after a failure. A step is `{ name, run }`, where `run` gives its tally
 * and, when something failed, the `output` to show. Prints a line with the time for each, then the summary as the
 * very last line. Gives the exit code.
 */
export async function runSteps(steps) {
  const tallies = [];
  for (const step of steps) {
    const startedAt = Date.now();
    const tally = await step.run().catch((error) => oneFailed(error.stack ?? String(error)));
    tallies.push(tally);
    report(step.name, tally, seconds(startedAt));
  }
  const total = sum(tallies);
  console.log(`\n${summaryLine(total)}`);
  return total.failed === 0 ? 0 : 1;
}

/** A step that is one command and counts as one test. */
export function commandStep(name, command, args, options) {
  return {
    name,
    run: async () => {
      const { code, output } = await run(command, args, options);
      return code === 0 ? onePassed : { ...oneFailed(`exit code ${code}`), output };
    },
  };
}

function report(name, tally, time) {
  const mark = tally.failed === 0 ? "ok  " : "FAIL";
  const counts = tally.passed + tally.failed + tally.skipped > 1 ? ` (${summaryLine(tally)})` : "";
  if (tally.failed > 0 && tally.output) {
    console.log(`\n${tally.output.trimEnd()}\n`);
  }
  console.log(`${mark} ${name}${counts}  ${time}${tally.why ? `: ${tally.why}` : ""}`);
}
