import { expect } from "@playwright/test";
import { openLabPerson } from "../../support/lab-browser.ts";
import { apart, changeAddressOfAlice, worstGapMs } from "../../support/lab-path-change.ts";
import { expectSound, expectVideo } from "../../support/people.ts";
import { test } from "./lab-test.ts";

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

test("57: a person's call survives that their address changes", async ({ openStack, measured }) => {
  const stack = await openStack(apart("port-restricted"));
  const [{ person, pid }, echo] = await Promise.all([
    openLabPerson(stack, "alice", "alice"),
    stack.echo("bob"),
  ]);
  await person.call("echo");
  await expectVideo(person);
  const gap = await changeAddressOfAlice(stack, { alice: pid, bob: echo.pid });
  measured("media was away", gap);
  expect(Math.max(gap.toAliceMs, gap.toBobMs)).toBeLessThan(worstGapMs);
  await expectVideo(person);
  await expectSound(person);
});
