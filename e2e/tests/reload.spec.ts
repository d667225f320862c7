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
