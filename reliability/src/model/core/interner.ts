import { type CanonicalOptions, canonical, type Rename } from "./canonical.ts";

/** Gives equal values one small number, and each value the number of its mirror image. */
export interface Interner<T> {
  idOf(value: T): number;
  /** A RangeError for a number that was given to a mirror image alone. */
  get(id: number): T;
  /** The number of the value with the symmetric names exchanged. */
  twinOf(id: number): number;
  readonly size: number;
}

export interface InternerOptions<T> extends Omit<CanonicalOptions, "rename"> {
  /** The part of a value that makes it what it is. Default: all of it. */
  readonly view?: (value: T) => unknown;
  /** Exchanges the symmetric names. Absent: every value is its own twin. */
  readonly mirror?: Rename | undefined;
}

export function createInterner<T>(options: InternerOptions<T>): Interner<T> {
  const { view = (value: T): unknown => value, mirror } = options;
  const ids = new Map<string, number>();
  const values: (T | undefined)[] = [];
  const twins: number[] = [];

  function number(text: string): number {
    const known = ids.get(text);
    if (known !== undefined) return known;
    const id = values.length;
    ids.set(text, id);
    values.push(undefined);
    twins.push(id);
    return id;
  }

  return {
    idOf(value) {
      const id = number(canonical(view(value), options));
      if (values[id] !== undefined) return id;
      values[id] = value;
      if (mirror) {
        const twin = number(canonical(view(value), { ...options, rename: mirror }));
        twins[id] = twin;
        twins[twin] = id;
      }
      return id;
    },
    get(id) {
      const value = values[id];
      if (value === undefined) throw new RangeError(`nothing has the number ${id}`);
      return value;
    },
    twinOf: (id) => twins[id] ?? id,
    get size() {
      return values.length;
    },
  };
}
