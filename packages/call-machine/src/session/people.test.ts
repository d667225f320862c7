import { expect, test } from "vitest";
import type { Person } from "../types.ts";
import { updatePeople } from "./people.ts";

const ben = (version: number, availability: Person["availability"] = "online"): Person => ({
  user: "ben",
  displayName: "Ben",
  availability,
  bot: false,
  version,
});
const eve: Person = { user: "eve", displayName: "Eve", availability: "busy", bot: true, version: 1 };

test("a newer version replaces an older one, others stay", () => {
  expect(updatePeople({ ben: ben(1), eve }, [ben(2, "busy")], false)).toEqual({ ben: ben(2, "busy"), eve });
});

test("an older version never replaces a newer one, the same one may come again", () => {
  expect(updatePeople({ ben: ben(3) }, [ben(2, "offline")], false)).toEqual({ ben: ben(3) });
  expect(updatePeople({ ben: ben(3) }, [ben(3, "busy")], false)).toEqual({ ben: ben(3, "busy") });
});

test("a full update is the whole truth: others are forgotten, and versions start over", () => {
  expect(updatePeople({ ben: ben(9), eve }, [ben(1)], true)).toEqual({ ben: ben(1) });
});

test("what was known is not changed in place", () => {
  const known = { ben: ben(1) };
  updatePeople(known, [ben(2), eve], false);
  expect(known).toEqual({ ben: ben(1) });
});

test("a person who is called like a member of every object is a person", () => {
  const inherited: Person = { ...ben(1), user: "constructor" };
  expect(updatePeople({}, [inherited], false)).toEqual({ constructor: inherited });
  const proto: Person = { ...ben(1), user: "__proto__" };
  expect(Object.values(updatePeople({}, [proto], false))).toEqual([proto]);
});
