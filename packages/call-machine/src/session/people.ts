import type { Person } from "../types.ts";

/** Last value wins per person; an older version never replaces a newer one. PROTOCOL 1.7. */
export function updatePeople(
  known: Readonly<Record<string, Person>>,
  people: readonly Person[],
  full: boolean,
): Readonly<Record<string, Person>> {
  const next = new Map(full ? [] : Object.entries(known));
  for (const person of people) {
    const before = next.get(person.user);
    next.set(person.user, before && before.version > person.version ? before : person);
  }
  return Object.fromEntries(next);
}
