import { Worker } from "node:worker_threads";
import { addTotals, noTotals, type Totals } from "./passage.ts";
import type { Run } from "./run-seed.ts";

/** What one worker is to do. */
export interface SeedTask {
  readonly from: number;
  /** Not included. */
  readonly to: number;
  readonly step: number;
}

/** What a worker tells of one seed. No totals: the run itself failed. */
export type SeedWord = Omit<Run, "totals"> & { readonly totals: Totals | undefined };

export interface SeedsOptions {
  readonly from: number;
  readonly runs: number;
  readonly workers: number;
  /** Ends it early; what was done until then is reported. */
  readonly signal?: AbortSignal;
  readonly onRun?: (done: number, failed: number) => void;
  /** As soon as there is one. */
  readonly onFailure?: (failure: SeedFailure) => void;
}

/** A run that broke an invariant, or itself. */
export interface SeedFailure {
  readonly seed: number;
  readonly problems: readonly string[];
}

/** What came of many runs. */
export interface SeedsReport {
  /** Those that were done. */
  readonly runs: number;
  readonly failed: number;
  /** The first of them. */
  readonly failures: readonly SeedFailure[];
  /** How often each invariant was broken, by its number in PROTOCOL 3; "0" for a run that itself failed. */
  readonly broken: Readonly<Record<string, number>>;
  readonly totals: Totals;
  /** Clock time that all worlds lived through together. */
  readonly virtualHours: number;
}

/** Worlds die young. */
const youngMb = 128;
const hourMs = 3_600_000;
/** Enough to see what they have in common. */
const maxFailures = 50;

/** Runs seeds on several threads; stops for none of them. */
export async function runSeeds(options: SeedsOptions): Promise<SeedsReport> {
  const { from, runs, workers, signal, onRun, onFailure } = options;
  const totals = noTotals();
  const failures: SeedFailure[] = [];
  const broken: Record<string, number> = {};
  let done = 0;
  let failed = 0;
  let virtualMs = 0;
  const take = (word: SeedWord) => {
    done += 1;
    virtualMs += word.virtualMs;
    if (word.totals) addTotals(totals, word.totals);
    for (const problem of word.problems) {
      const number = String(Number.parseInt(problem, 10) || 0);
      broken[number] = (broken[number] ?? 0) + 1;
    }
    if (word.problems.length > 0) {
      failed += 1;
      const { seed, problems } = word;
      onFailure?.({ seed, problems });
      if (failures.length < maxFailures) failures.push({ seed, problems });
    }
    onRun?.(done, failed);
  };
  const tasks = Array.from({ length: workers }, (_, index) => ({
    from: from + index,
    to: from + runs,
    step: workers,
  }));
  await Promise.all(tasks.map((task) => runTask(task, take, signal)));
  failures.sort((one, other) => one.seed - other.seed);
  return { runs: done, failed, failures, broken, totals, virtualHours: Math.round(virtualMs / hourMs) };
}

function runTask(
  task: SeedTask,
  take: (word: SeedWord) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const worker = new Worker(new URL("./seed-worker.ts", import.meta.url), {
    workerData: task,
    resourceLimits: { maxYoungGenerationSizeMb: youngMb },
  });
  worker.on("message", take);
  worker.on("error", reject);
  worker.on("exit", (code) =>
    code === 0 || signal?.aborted ? resolve() : reject(new Error(`a worker ended with ${code}`)),
  );
  signal?.addEventListener("abort", () => void worker.terminate());
  return promise;
}

/** What to read, and what to do about it. */
export function explain({ failures }: Pick<SeedsReport, "failures">): string {
  return failures
    .map(
      ({ seed, problems }) =>
        `seed ${seed}: ${problems.slice(0, 3).join("; ")}\n  npm run replay -w reliability -- --seed ${seed}`,
    )
    .join("\n");
}
