import { chromium } from "@playwright/test";
import { findChromium } from "../../scripts/chromium.mjs";
import { refusingArgs } from "../support/chromium-args.ts";
import { expect, expectSound, fresh, openPerson, test } from "../support/people.ts";

test("a call goes on without a refused microphone and camera, and says so", async ({ person }) => {
  const executablePath = findChromium();
  const refusing = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...refusingArgs],
  });
  try {
    const alice = await openPerson(refusing, fresh("alice"), { permissions: [] });
    const bob = await person(fresh("bob"));
    await alice.call(bob.name);
    await bob.press("answer-video");
    await expect(alice.page.getByTestId("call-timer")).toBeVisible();
    await expect(alice.page.getByTestId("notice-microphone")).toBeVisible();
    await expect(alice.page.getByTestId("notice-camera")).toBeVisible();
    await expectSound(alice);
    await alice.press("hang-up");
    await bob.expectEnded(/ended the call/);
  } finally {
    await refusing.close();
  }
});
