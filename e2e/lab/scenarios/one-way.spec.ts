import { setTimeout } from "node:timers/promises";
import { expect } from "@playwright/test";
import { botEvents } from "../../support/lab-events.ts";
import { startMeter } from "../../support/lab-meter.ts";
import { apart } from "../../support/lab-path-change.ts";
import type { Program } from "../../support/processes.ts";
import { test } from "./lab-test.ts";

/** Longer than it takes to notice: the restarts of this time fail. */
const brokenForMs = 5_000;
/** PROTOCOL 4.2: the person reads it. */
const noticedWithinMs = 3_000;
const measuredWithinMs = 30_000;
/** The next restart. */
const worstAfterItMs = 10_000;

test("62: one who hears nothing, and is heard, has the path restarted until it works; nobody's call ends", async ({
  openStack,
  measured,
}) => {
  const stack = await openStack(apart("port-restricted"));
  const echo = await stack.echo("bob");
  const caller = stack.call("alice", "--talk", "5m");
  await caller.line(/"event":"live"/);
  const atAlice = startMeter(caller.pid);
  stack.defer(async () => atAlice.stop());
  await atAlice.steady();
  const since = atAlice.now();
  const hear = stack.lab.deafen("home");
  await caller.line(/"event":"reconnecting"/);
  const noticedMs = atAlice.now() - since;
  await setTimeout(brokenForMs - noticedMs);
  hear();
  const awayMs = await atAlice.outage(since, measuredWithinMs);
  measured("noticed after, and media was away for, in ms", [noticedMs, awayMs]);
  expect(noticedMs).toBeLessThan(noticedWithinMs);
  expect(awayMs).toBeGreaterThan(brokenForMs);
  expect(awayMs).toBeLessThan(brokenForMs + worstAfterItMs);
  const ends = ({ lines }: Program) => botEvents({ lines }).filter(({ event }) => event === "ended");
  expect([ends(caller), ends(echo)]).toEqual([[], []]);
  await caller.stop("SIGINT");
  expect(await caller.exited).toBe(130);
});
