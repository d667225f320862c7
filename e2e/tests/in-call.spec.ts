import { connect, expect, expectVideo, test } from "../support/people.ts";

test("text goes both ways over the data channel", async ({ pair }) => {
  const [alice, bob] = pair;
  await connect(pair, "audio");
  for (const person of pair) await person.press("toggle-chat");
  await alice.page.getByTestId("chat-input").fill("hello <b>bob</b>");
  await alice.page.keyboard.press("Enter");
  await expect(bob.page.getByTestId("chat-message").last()).toContainText("hello <b>bob</b>");
  await bob.page.getByTestId("chat-input").fill("hello alice");
  await bob.press("chat-send");
  await expect(alice.page.getByTestId("chat-message").last()).toContainText("hello alice");
});

test("the other side sees a muted microphone and a camera that is off", async ({ pair }) => {
  const [alice, bob] = pair;
  await connect(pair);
  await expectVideo(bob);
  await alice.press("toggle-microphone");
  await expect(bob.page.getByTestId("remote-microphone")).toBeVisible();
  await alice.press("toggle-camera");
  await expect(bob.page.getByTestId("remote-camera")).toBeVisible();
  await alice.press("toggle-microphone");
  await alice.press("toggle-camera");
  await expect(bob.page.getByTestId("remote-microphone")).toBeHidden();
  await expect(bob.page.getByTestId("remote-camera")).toBeHidden();
  await expectVideo(bob);
});

test("turning the camera off stops its track", async ({ pair }) => {
  const [alice] = pair;
  await connect(pair);
  const camera = await alice.page.evaluateHandle(() => {
    const { peerline } = window as unknown as { peerline: import("@peerline/client").Peerline };
    return peerline.view().details?.localTracks.camera;
  });
  expect(await camera.evaluate((track) => track?.readyState)).toBe("live");
  await alice.press("toggle-camera");
  await expect.poll(() => camera.evaluate((track) => track?.readyState)).toBe("ended");
});

test("setting the clock in a call changes neither its time nor its length", async ({ pair }) => {
  const [alice, bob] = pair;
  await connect(pair, "audio");
  for (const step of [3_600_000, -7_200_000]) {
    await alice.page.evaluate((ms) => {
      const { now } = Date;
      Date.now = () => now() + ms;
    }, step);
    const shown = await alice.page.getByTestId("call-timer").textContent();
    await expect(alice.page.getByTestId("call-timer")).not.toHaveText(shown ?? "");
    await expect(alice.page.getByTestId("call-timer")).toHaveText(/^0:[0-5]\d$/);
  }
  await bob.press("hang-up");
  await alice.expectEnded(/ended the call · 0:[0-5]\d$/);
});
