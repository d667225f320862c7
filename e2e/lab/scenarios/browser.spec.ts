import { expect } from "@playwright/test";
import { openLabPerson } from "../../support/lab-browser.ts";
import { startMeter } from "../../support/lab-meter.ts";
import { serverHost } from "../../support/lab-stack.ts";
import { expectSound, expectVideo } from "../../support/people.ts";
import type { LabNetwork, Nat } from "../network.ts";
import { test } from "./lab-test.ts";

const apart = (nat: Nat): LabNetwork => ({
  publicHosts: [serverHost],
  sites: [
    { name: "home", nat, hosts: ["alice"] },
    { name: "office", nat, hosts: ["bob"] },
  ],
});

test("a person behind a symmetric NAT talks to one behind another, and reads that it is relayed", async ({
  openStack,
}) => {
  const stack = await openStack(apart("symmetric"));
  const [{ person }] = await Promise.all([openLabPerson(stack, "alice", "alice"), stack.echo("bob")]);
  await person.call("echo");
  await expectVideo(person);
  await expectSound(person);
  await expect(person.page.getByTestId("path")).toContainText("Relayed");
});

const nextAddress = "192.168.1.99";
/** PROTOCOL 4.1, R11: a path that dies and nobody says so. */
const worstGapMs = 15_000;
const measuredWithinMs = 30_000;

test("a person's call survives that their address changes", async ({ openStack, measured }) => {
  const stack = await openStack(apart("port-restricted"));
  const [{ person, pid }, echo] = await Promise.all([
    openLabPerson(stack, "alice", "alice"),
    stack.echo("bob"),
  ]);
  await person.call("echo");
  await expectVideo(person);
  const [atAlice, atBob] = [startMeter(pid), startMeter(echo.pid)];
  await Promise.all([atAlice.steady(), atBob.steady()]);

  const movedAt = atAlice.now();
  stack.lab.move("alice", nextAddress);
  const [toAliceMs, toBobMs] = await Promise.all([
    atAlice.outage(movedAt, measuredWithinMs),
    atBob.outage(movedAt, measuredWithinMs),
  ]);
  measured("media was away", { toAliceMs, toBobMs });
  atAlice.stop();
  atBob.stop();
  expect(Math.max(toAliceMs, toBobMs)).toBeLessThan(worstGapMs);
  await expectVideo(person);
  await expectSound(person);
});
