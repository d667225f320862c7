import type { Interner } from "./interner.ts";

/** Short lists of interned values, each with a number of its own. 0 is the empty list. */
export interface Lists {
  /** The list with the value behind it. */
  push(list: number, value: number): number;
  /** The list without its first value. */
  shift(list: number): number;
  values(list: number): readonly number[];
  twinOf(list: number): number;
}

export const emptyList = 0;
const maxValues = 2 ** 24;

export function createLists(values: Interner<unknown>): Lists {
  const ids = new Map<string, number>([["", emptyList]]);
  const lists: (readonly number[])[] = [[]];
  const pushed = new Map<number, number>();
  const shifted: (number | undefined)[] = [];
  const twins: (number | undefined)[] = [];

  function idOf(list: readonly number[]): number {
    const text = list.join();
    const known = ids.get(text);
    if (known !== undefined) return known;
    ids.set(text, lists.length);
    return lists.push(list) - 1;
  }

  const valuesOf = (list: number) => lists[list] ?? [];

  return {
    push(list, value) {
      const key = list * maxValues + value;
      const known = pushed.get(key);
      if (known !== undefined) return known;
      const next = idOf([...valuesOf(list), value]);
      pushed.set(key, next);
      return next;
    },
    shift(list) {
      shifted[list] ??= idOf(valuesOf(list).slice(1));
      return shifted[list];
    },
    values: valuesOf,
    twinOf(list) {
      twins[list] ??= idOf(valuesOf(list).map((value) => values.twinOf(value)));
      return twins[list];
    },
  };
}
