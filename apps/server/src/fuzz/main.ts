import { parseArgs } from "node:util";
import { seededRandom } from "@peerline/call-machine/testing";
import { beginFigure, keepFigure } from "../../../../scripts/figure-record.mjs";
import { fuzzDecoder } from "./decoder.ts";
import { fuzzService, type ServiceReport } from "./service.ts";
import type { Tally } from "./tally.ts";

/**
 * `--decoder`, `--service`: how many inputs. `--seed`: repeats a run. Prints one line of JSON; exits 1 on a defect. `--keep` writes what was
 * counted into docs/reliability-figures.json.
 */
const { values } = parseArgs({
  options: {
    decoder: { type: "string", default: "3000" },
    service: { type: "string", default: "500" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
    keep: { type: "boolean", default: false },
  },
});

const whats = {
  decoder: "Mutated messages at the decoder, the server's validation and the client's translation.",
  service:
    "Mutated requests at the running server over HTTP/1.1 and HTTP/2, beside a live call of two others.",
};

const bytesPerMB = 1_000_000;

await main();

async function main(): Promise<void> {
  const seed = wholeNumber("seed", values.seed);
  const decoder = wholeNumber("decoder", values.decoder);
  const service = wholeNumber("service", values.service);
  if (seed === undefined || decoder === undefined || service === undefined) {
    process.exitCode = 2;
    return;
  }
  const reports = {
    seed,
    decoder: await kept("decoder", decoder, seed, () => fuzzDecoder(decoder, seededRandom(seed))),
    service: await kept("service", service, seed, () => fuzzService(service, seededRandom(seed))),
  };
  process.stdout.write(`${JSON.stringify(reports)}\n`);
  if (reports.decoder.defectCount + reports.service.defectCount > 0) process.exitCode = 1;
}

async function kept<T extends Tally & Partial<ServiceReport>>(
  target: keyof typeof whats,
  runs: number,
  seed: number,
  run: () => T | Promise<T>,
): Promise<T> {
  const measurement = beginFigure();
  const report = await run();
  const options = Object.keys(whats).map((name) => `--${name} ${name === target ? runs : 0}`);
  const record = measurement.end({
    figure: `fuzz-${target}`,
    what: whats[target],
    command: `npm run fuzz -w apps/server -- ${options.join(" ")} --seed ${seed}`,
    runs,
    seed,
    result: { defects: report.defectCount, ...report.outcomes, ...bystandersOf(report) },
  });
  if (values.keep && runs > 0) keepFigure(record);
  return report;
}

function bystandersOf({ heapBytes, undisturbed }: Partial<ServiceReport>) {
  if (!heapBytes) return {};
  const megabytes = (bytes: number) => Math.round((bytes / bytesPerMB) * 10) / 10;
  return {
    callsOfOthersDisturbed: undisturbed ? 0 : 1,
    heapAfterTenthMB: megabytes(heapBytes.afterTenth),
    heapAtEndMB: megabytes(heapBytes.atEnd),
  };
}

function wholeNumber(name: string, text: string): number | undefined {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`bad-option: --${name} is "${text}". Give a whole number, 0 or more.\n`);
  return undefined;
}
