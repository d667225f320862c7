import { expect, test } from "vitest";
import { committed } from "../docs/committed.ts";
import { walkableLine } from "../docs/session-samples.ts";
import { transitionTable } from "../docs/transition-table.ts";

test("the committed table of transitions is what the session machine does (UPDATE=1 rewrites it)", () => {
  const table = transitionTable("What the session machine does", walkableLine);
  expect(table).toBe(committed(new URL("./transitions.md", import.meta.url), table));
});
