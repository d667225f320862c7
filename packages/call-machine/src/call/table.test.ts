import { expect, test } from "vitest";
import { walkableCall } from "../docs/call-table.ts";
import { committed } from "../docs/committed.ts";
import { transitionTable } from "../docs/transition-table.ts";

test("the committed table of transitions is what the call machine does (UPDATE=1 rewrites it)", () => {
  const table = transitionTable("What the call machine does", walkableCall);
  expect(table).toBe(committed(new URL("./transitions.md", import.meta.url), table));
});
