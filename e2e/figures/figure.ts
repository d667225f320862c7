/** A measured value with a name: what `docs/reliability.md` is made from. */
export interface Figure {
  /** Of the command: lower case, words joined by hyphens. */
  readonly name: string;
  /** What is measured, in one sentence for a reader of the page. */
  readonly what: string;
  /** How often, unless the command says. */
  readonly runs: number;
  /** Resolves with plain data; rejects when the measurement itself failed. */
  measure(runs: number, note: Note): Promise<FigureResult>;
}

/** Numbers, texts and lists of numbers, under names that end in their unit. */
export type FigureResult = Readonly<Record<string, number | string | readonly number[]>>;

/** Tells a person who waits how far it is. */
export type Note = (text: string) => void;

/** One line of JSON, as printed and as kept. */
export interface FigureRecord {
  readonly figure: string;
  readonly what: string;
  readonly command: string;
  readonly date: string;
  readonly runs: number;
  readonly tookSeconds: number;
  /** Processors, and the load average when it began and when it ended. */
  readonly machine: { readonly processors: number; readonly loadBefore: number; readonly loadAfter: number };
  readonly result: FigureResult;
}

/** The records with `fresh` in the place of the one it supersedes, in the order of their names. */
export function withRecord(records: readonly FigureRecord[], fresh: FigureRecord): readonly FigureRecord[] {
  return [...records.filter(({ figure }) => figure !== fresh.figure), fresh].sort((one, other) =>
    one.figure < other.figure ? -1 : 1,
  );
}
