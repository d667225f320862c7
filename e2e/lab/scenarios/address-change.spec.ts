import { expect } from "@playwright/test";
import { botEvents } from "../../support/lab-events.ts";
import { apart, changeAddressOfAlice, worstGapMs } from "../../support/lab-path-change.ts";
import { test } from "./lab-test.ts";

test("57: a call survives that the caller's address changes", async ({ openStack, measured }) => {
  const stack = await openStack(apart("port-restricted"));
  const echo = await stack.echo("bob");
  const caller = stack.call("alice", "--talk", "5m");
  await caller.line(/"event":"live"/);
  const gap = await changeAddressOfAlice(stack, { alice: caller.pid, bob: echo.pid });
  measured("media was away", gap);
  measured(
    "events of the caller, in ms after the change",
    botEvents(caller).map(({ event, atMs }) => [event, atMs - gap.changedAt]),
  );
  await caller.stop("SIGINT");
  expect(Math.max(gap.toAliceMs, gap.toBobMs)).toBeLessThan(worstGapMs);
  expect(await caller.exited).toBe(130);
});
