import { connect, expect, expectSound, expectVideo, test } from "../support/people.ts";

test("77: a page that is reloaded in a call is back in it, still muted, and media flows both ways", async ({
  pair,
}) => {
  const [alice, bob] = pair;
  await connect(pair, "video");
  await alice.press("toggle-camera");
  await expect(bob.page.getByTestId("remote-camera")).toBeVisible();
  await alice.page.reload();
  await expect(alice.page.getByTestId("call-timer")).toBeVisible();
  await expect(bob.page.getByTestId("call-timer")).toBeVisible();
  await expectVideo(alice);
  await expectSound(alice, bob);
  await expect(alice.page.getByTestId("toggle-camera")).toHaveAttribute("data-off", "true");
  await alice.press("hang-up");
  for (const one of pair) await one.expectEnded(/.+/);
});

test("26: a caller who reloads while it rings is still calling, and is connected when it is answered", async ({
  pair,
}) => {
  const [alice, bob] = pair;
  await alice.call(bob.name, "audio");
  await expect(bob.page.getByTestId("answer-audio")).toBeVisible();
  await alice.page.reload();
  await alice.expectPhase("Ringing…");
  await bob.press("answer-audio");
  for (const one of pair) await expect(one.page.getByTestId("call-timer")).toBeVisible();
  await expectSound(alice, bob);
});

/** What a clock of minutes and seconds shows, in seconds. */
function seconds(text: string | null): number {
  return (text ?? "")
    .split(":")
    .map(Number)
    .reduce((total, part) => 60 * total + part, 0);
}

test("a reload in a call keeps what was said, the time and the length, and nothing of it once the call is over", async ({
  pair,
}) => {
  const [alice, bob] = pair;
  await connect(pair, "audio");
  const timer = alice.page.getByTestId("call-timer");
  for (const one of pair) await one.press("toggle-chat");
  await bob.page.getByTestId("chat-input").fill("from bob");
  await bob.press("chat-send");
  await expect(alice.page.getByText("from bob")).toBeVisible();
  await alice.page.getByTestId("chat-input").fill("from alice");
  await alice.press("chat-send");
  await expect(timer).toHaveText(/0:0[4-9]/);
  const before = seconds(await timer.textContent());
  await alice.page.reload();
  await expect(timer).toBeVisible();
  expect(seconds(await timer.textContent())).toBeGreaterThanOrEqual(before);
  await alice.press("toggle-chat");
  await expect(alice.page.getByTestId("chat-message")).toHaveText([/from bob/, /from alice/]);
  await expect(alice.page.getByTestId("chat-send")).toBeEnabled();
  await bob.page.getByTestId("chat-input").fill("welcome back");
  await bob.press("chat-send");
  await expect(alice.page.getByTestId("chat-message")).toHaveText([/from bob/, /from alice/, /welcome back/]);
  await alice.press("hang-up");
  for (const one of pair) await one.expectEnded(/ended the call/);
  const lengths = await Promise.all(
    pair.map(async ({ page }) => {
      const text = await page.getByTestId("end-reason").textContent();
      return seconds(text?.split(" · ")[1] ?? null);
    }),
  );
  expect(Math.abs((lengths[0] ?? 0) - (lengths[1] ?? 0))).toBeLessThanOrEqual(2);
  const kept = await alice.page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
  expect(kept).not.toContain("from bob");
});
