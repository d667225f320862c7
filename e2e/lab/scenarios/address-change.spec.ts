import { expect } from "@playwright/test";
import { botEvents } from "../../support/lab-events.ts";
import { startMeter } from "../../support/lab-meter.ts";
import { serverHost } from "../../support/lab-stack.ts";
import { test } from "./lab-test.ts";

const nextAddress = "192.168.1.99";
/** PROTOCOL 4.1, R11: a path that dies and nobody says so. */
const worstGapMs = 15_000;
const measuredWithinMs = 30_000;

test("a call survives that the caller's address changes", async ({ openStack, measured }) => {
  const stack = await openStack({
    publicHosts: [serverHost],
    sites: [
      { name: "home", nat: "port-restricted", hosts: ["alice"] },
      { name: "office", nat: "port-restricted", hosts: ["bob"] },
    ],
  });
  const echo = await stack.echo("bob");
  const caller = stack.call("alice", "--talk", "5m");
  await caller.line(/"event":"live"/);
  const [atAlice, atBob] = [startMeter(caller.pid), startMeter(echo.pid)];
  await Promise.all([atAlice.steady(), atBob.steady()]);

  const movedAtWall = Date.now();
  const movedAt = atAlice.now();
  stack.lab.move("alice", nextAddress);
  const [toAliceMs, toBobMs] = await Promise.all([
    atAlice.outage(movedAt, measuredWithinMs),
    atBob.outage(movedAt, measuredWithinMs),
  ]);
  measured("media was away", { toAliceMs, toBobMs });
  measured(
    "events of the caller, in ms after the change",
    botEvents(caller).map(({ event, atMs }) => [event, atMs - movedAtWall]),
  );
  atAlice.stop();
  atBob.stop();

  await caller.stop("SIGINT");
  expect(Math.max(toAliceMs, toBobMs)).toBeLessThan(worstGapMs);
  expect(botEvents(caller).map(({ event }) => event)).toContain("reconnecting");
  expect(await caller.exited).toBe(130);
});
