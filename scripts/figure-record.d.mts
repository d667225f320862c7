/** Numbers, texts and lists, under names that end in their unit. Lists are kept and not shown. */
export type FigureResult = Readonly<Record<string, number | string | readonly unknown[]>>;

/** What a measurement tells of itself. */
export interface FigureWords {
  /** Of the command: lower case, words joined by hyphens. */
  readonly figure: string;
  /** What is measured, in one sentence for a reader of the page. */
  readonly what: string;
  /** What repeats it. */
  readonly command: string;
  readonly runs: number;
  readonly seed?: number;
  readonly result: FigureResult;
}

/** As printed and as kept. */
export interface FigureRecord extends FigureWords {
  /** ISO 8601, of the end. */
  readonly date: string;
  readonly tookSeconds: number;
  /** Processors, and the load average when it began and when it ended. */
  readonly machine: { readonly processors: number; readonly loadBefore: number; readonly loadAfter: number };
}

/** See figure-record.mjs. */
export function beginFigure(): { end(words: FigureWords): FigureRecord };
/** See figure-record.mjs. */
export function keepFigure(record: FigureRecord): void;
/** See figure-record.mjs. */
export function withRecord(records: readonly FigureRecord[], fresh: FigureRecord): readonly FigureRecord[];
