import { connect, expect, expectSound, expectVideo, type Person, test } from "../support/people.ts";
import { countOpenConnections, readInbound } from "../support/probes.ts";

test("a video call carries pictures and sound both ways", async ({ pair }) => {
  const [alice, bob] = pair;
  await alice.call(bob.name);
  await alice.expectPhase("Ringing…");
  await bob.press("answer-video");
  await expectVideo(alice, bob);
  await expectSound(alice, bob);
  await expect(alice.page.getByTestId("path")).toContainText("Direct");
  await expect(alice.page.getByTestId("connection-state")).toHaveText("connected");
  await expect(alice.page.getByTestId("ice-connection-state")).toHaveText(/connected|completed/);
  await alice.press("hang-up");
  await alice.expectEnded(/^You ended the call/);
  await bob.expectEnded(new RegExp(`^${alice.name} ended the call`));
});

test("an audio call carries sound and no pictures", async ({ pair }) => {
  const [alice, bob] = pair;
  await connect(pair, "audio");
  await expectSound(alice, bob);
  expect((await readInbound(alice.page)).framesDecoded).toBe(0);
  expect((await readInbound(bob.page)).framesDecoded).toBe(0);
  await bob.press("hang-up");
  await bob.expectEnded(/^You ended the call/);
  await alice.expectEnded(new RegExp(`^${bob.name} ended the call`));
});

test("a video call can be answered without the camera", async ({ pair }) => {
  const [alice, bob] = pair;
  await connect(pair, "video", "audio");
  await expectVideo(bob);
  await expectSound(alice, bob);
  expect((await readInbound(alice.page)).framesDecoded).toBe(0);
  await expect(alice.page.getByTestId("remote-video")).toBeHidden();
  await expect(bob.page.getByTestId("local-video")).toBeHidden();
});

test("declining ends the call on both sides", async ({ pair }) => {
  const [alice, bob] = pair;
  await alice.call(bob.name);
  await bob.press("decline");
  await alice.expectEnded(`${bob.name} can't talk right now`);
  await expect(bob.page.getByTestId("answer-video")).toHaveCount(0);
  await expect(bob.row(alice.name)).toBeVisible();
});

test("cancelling while it rings stops the ringing, and leaves a missed call that can be called back", async ({
  pair,
}) => {
  const [alice, bob] = pair;
  await alice.call(bob.name);
  await expect(bob.page.getByTestId("answer-video")).toBeVisible();
  await alice.press("cancel");
  await expect(bob.page.getByTestId("answer-video")).toHaveCount(0);
  await expect(bob.page.getByTestId(`missed-${alice.name}`)).toContainText(`Missed call from ${alice.name}`);
  await alice.backToPeople();
  await bob.press("call-back");
  await expect(alice.page.getByTestId("answer-video")).toBeVisible();
  await expect(bob.page.getByTestId(`missed-${alice.name}`)).toHaveCount(0);
});

test("someone in a call is busy for a third", async ({ pair, person }) => {
  const [alice, bob] = pair;
  await connect(pair, "audio");
  const carol = await person(`carol-of-${alice.name}`);
  await expect(carol.row(bob.name)).toBeVisible();
  await carol.call(bob.name, "audio");
  await carol.expectEnded(`${bob.name} is on another call`);
  await expectSound(alice, bob);
});

/** What people do reaches the server only after the release: neither sees the other's call before they have dialed. */
async function holdSends(people: readonly Person[]): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const { page } of people) {
    await page.route("**/SignalingService/Send", async (route) => {
      await promise;
      await route.continue();
    });
  }
  return resolve;
}

test("both calling at once becomes one call", async ({ pair }) => {
  const [alice, bob] = pair;
  const release = await holdSends(pair);
  await Promise.all([alice.call(bob.name), bob.call(alice.name)]);
  for (const { page } of pair) await expect(page.getByTestId("call-phase")).toBeVisible();
  release();
  await expectVideo(alice, bob);
  expect(await countOpenConnections(alice.page)).toBe(1);
  expect(await countOpenConnections(bob.page)).toBe(1);
  await bob.press("hang-up");
  await alice.expectEnded(new RegExp(`^${bob.name} ended the call`));
});

test("ten calls in a row leave no peer connection behind", async ({ pair }) => {
  test.setTimeout(120_000);
  const [alice, bob] = pair;
  for (let call = 0; call < 10; call++) {
    await connect(call % 2 === 0 ? [alice, bob] : [bob, alice], "audio");
    expect(await countOpenConnections(alice.page)).toBe(1);
    await alice.press("hang-up");
    for (const person of pair) {
      await person.expectEnded(/ended the call/);
      await person.backToPeople();
    }
  }
  for (const { page } of pair) {
    await expect.poll(() => countOpenConnections(page)).toBe(0);
  }
});

test("two calls by four people run side by side", async ({ pair, person }) => {
  const [alice, bob] = pair;
  const carol = await person(`carol-of-${alice.name}`);
  const dave = await person(`dave-of-${alice.name}`);
  await expect(carol.row(dave.name)).toBeVisible();
  await Promise.all([connect(pair, "audio"), connect([carol, dave], "audio")]);
  await expectSound(alice, bob, carol, dave);
  await alice.press("hang-up");
  await bob.expectEnded(/ended the call/);
  await expectSound(carol, dave);
});
