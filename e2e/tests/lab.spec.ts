import { expect, expectSound, expectVideo, fresh, test } from "../support/people.ts";
import { countOpenConnections } from "../support/probes.ts";

test("the lab is walked through step by step", async ({ person }) => {
  const names = [fresh("one"), fresh("two")] as const;
  const one = await person(names[0], { path: `/lab?with=${names[1]}` });
  const two = await person(names[1], { path: `/lab?with=${names[0]}` });
  for (const { page } of [one, two]) {
    await expect(page.getByTestId("lab-ping")).toBeDisabled();
    await page.getByTestId("lab-register").click();
    await expect(page.getByTestId("lab-register")).toBeDisabled();
  }
  await expect(one.page.getByTestId("lab-presence")).toHaveText("online");
  await one.press("lab-ping");
  await expect(one.page.getByTestId("lab-pong")).toContainText(/\d ms/);
  await expect(one.page.getByTestId("lab-start")).toBeDisabled();
  await one.press("lab-offer");
  await expect(one.page.getByTestId("connection-state")).toHaveText("connected");
  await expect(two.page.getByTestId("connection-state")).toHaveText("connected");
  await one.press("lab-start");
  await expectVideo(one, two);
  await expectSound(one, two);
  await expect(one.page.getByTestId("lab-signal").filter({ hasText: "invite" })).toHaveCount(1);
  await expect(two.page.getByTestId("lab-signal").filter({ hasText: "incoming" })).toHaveCount(1);
  await one.press("lab-copy");
  const copied = await one.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("invite");
  expect(copied).not.toContain("a=fingerprint");
  await one.press("lab-hang-up");
  for (const { page } of [one, two]) {
    await expect(page.getByTestId("lab-offer")).toBeEnabled();
    await expect(page.getByTestId("lab-hang-up")).toBeDisabled();
    await expect.poll(() => countOpenConnections(page)).toBe(0);
  }
});
