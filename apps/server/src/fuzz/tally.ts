/** What inputs came to. */
export interface Tally {
  readonly inputs: number;
  readonly outcomes: Readonly<Record<string, number>>;
  /** Defects: what must never happen, and the input in hex; the first few. */
  readonly defects: readonly Defect[];
  readonly defectCount: number;
}

export interface Defect {
  readonly target: string;
  readonly what: string;
  readonly hex: string;
}

export interface TallyKeeper {
  count(outcome: string): void;
  defect(defect: Defect): void;
  report(inputs: number): Tally;
}

const keptDefects = 5;

export function createTally(): TallyKeeper {
  const outcomes = new Map<string, number>();
  const defects: Defect[] = [];
  let defectCount = 0;
  return {
    count: (outcome) => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1),
    defect(defect) {
      defectCount++;
      if (defects.length < keptDefects) defects.push(defect);
    },
    report: (inputs) => ({
      inputs,
      outcomes: Object.fromEntries([...outcomes].sort(([a], [b]) => (a < b ? -1 : 1))),
      defects,
      defectCount,
    }),
  };
}
