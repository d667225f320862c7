import type { FigureResult } from "../../scripts/figure-record.mjs";

export type { FigureResult };

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

/** Tells a person who waits how far it is. */
export type Note = (text: string) => void;
