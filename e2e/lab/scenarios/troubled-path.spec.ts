import { expect } from "@playwright/test";
import { finishedCall } from "../../support/lab-events.ts";
import { apart } from "../../support/lab-path-change.ts";
import { test } from "./lab-test.ts";

/** Each way from host to relay: both hosts use it, so that the path of the media has twice of it in each direction. */
const halfOfIt = { delayMs: 50, loss: 0.025 };
const wholeRttMs = 200;

test("two whose path has a round trip of 200 ms and loses 5 % of all datagrams connect and hear each other", async ({
  openStack,
  measured,
}) => {
  const stack = await openStack(apart("symmetric"), halfOfIt);
  await stack.echo("bob", "--relay-only");
  const report = await finishedCall(stack.call("alice", "--relay-only", "--talk", "2s"));
  measured("call", report);
  expect(report).toMatchObject({ path: "relayed", pair: "relay relay udp" });
  expect(report.rttMs).toBeGreaterThanOrEqual(wholeRttMs);
});
