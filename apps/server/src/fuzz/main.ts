import { parseArgs } from "node:util";
import { seededRandom } from "@peerline/call-machine/testing";
import { fuzzDecoder } from "./decoder.ts";
import { fuzzService } from "./service.ts";

/** `--decoder`, `--service`: how many inputs. `--seed`: repeats a run. Prints one line of JSON; exits 1 on a defect. */
const { values } = parseArgs({
  options: {
    decoder: { type: "string", default: "3000" },
    service: { type: "string", default: "500" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});

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
    decoder: await timed(() => fuzzDecoder(decoder, seededRandom(seed))),
    service: await timed(() => fuzzService(service, seededRandom(seed))),
  };
  process.stdout.write(`${JSON.stringify(reports)}\n`);
  if (reports.decoder.defectCount + reports.service.defectCount > 0) process.exitCode = 1;
}

async function timed<T extends object>(run: () => T | Promise<T>): Promise<T & { readonly seconds: number }> {
  const startMs = performance.now();
  const result = await run();
  return { ...result, seconds: Math.round((performance.now() - startMs) / 100) / 10 };
}

function wholeNumber(name: string, text: string): number | undefined {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  process.stderr.write(`bad-option: --${name} is "${text}". Give a whole number, 0 or more.\n`);
  return undefined;
}
