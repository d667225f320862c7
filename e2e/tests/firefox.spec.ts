import { expect, type FirefoxPerson, test } from "../support/firefox-people.ts";
import { connect, expectPackets, expectSound, expectVideo, fresh } from "../support/people.ts";
import { readIceUsers, restartIce } from "../support/probes.ts";
import type { Someone } from "../support/someone.ts";

test("Firefox calls Chromium, and is called by it, with pictures and sound both ways", async ({
  inFirefox,
  person,
}) => {
  const fay = await inFirefox(fresh("fay"));
  const cora = await person(fresh("cora"));
  for (const pair of [[fay, cora] as const, [cora, fay] as const]) {
    const [caller, callee] = pair;
    await connect(pair);
    await expectVideo(fay, cora);
    await expectSound(fay, cora);
    await callee.press("hang-up");
    await callee.expectEnded(/^You ended the call/);
    await caller.expectEnded(new RegExp(`^${callee.name} ended the call`));
    for (const one of pair) await one.backToPeople();
  }
});

test("Firefox hears and sees itself in Echo", async ({ inFirefox }) => {
  const fay = await inFirefox(fresh("fay"));
  await fay.call("echo");
  await fay.expectShown("call-timer");
  await expectVideo(fay);
  await expectSound(fay);
  await expect.poll(() => wasAlive(fay)).toBe(true);
  await fay.press("hang-up");
  await fay.expectEnded(/^You ended the call/);
});

/** Whether the second sample of the call's statistics, or a later one, says that something arrives. The first has none before it. */
function wasAlive({ page }: Someone): Promise<boolean | undefined> {
  return page.evaluate(() => {
    const { peerline } = window as unknown as { peerline: import("@peerline/client").Peerline };
    const stats = peerline.view().details?.stats;
    return stats?.inBitsPerSecond === undefined ? undefined : stats.alive;
  });
}

/** So long a call looks for its path before it ends. */
const recoverS = 30;

/** Host candidates carry names instead of addresses, as people have it. */
const hiddenAddresses = { "media.peerconnection.ice.obfuscate_host_addresses": true };

test("43: after each of twelve ICE restarts from both sides at once sound comes both ways", async ({
  inFirefox,
  person,
}) => {
  test.setTimeout(240_000);
  const pair = [await inFirefox(fresh("fay")), await person(fresh("cora"))] as const;
  await connect(pair);
  await restartTwelveTimes(pair);
});

test("43: so it does where Chromium chooses the path and knows the addresses of Firefox by mDNS names only", async ({
  inFirefox,
  person,
}) => {
  test.setTimeout(480_000);
  const fay = await inFirefox(fresh("fay"), hiddenAddresses);
  const cora = await person(fresh("cora"));
  await connect([cora, fay]);
  await restartTwelveTimes([fay, cora]);
});

async function restartTwelveTimes(pair: readonly Someone[]): Promise<void> {
  const users = () => Promise.all(pair.map(({ page }) => readIceUsers(page)));
  for (let round = 0; round < 12; round++) {
    const before = await users();
    const at = Date.now() + 100;
    await Promise.all(pair.map(({ page }) => restartIce(page, at)));
    await expect
      .poll(async () => (await users()).flat().filter((user) => before.flat().includes(user)))
      .toEqual([]);
    await Promise.all(pair.map((one) => expectPackets(one, 0.5, recoverS)));
  }
  for (const one of pair) await one.expectPhase("In call");
}

test("a Firefox without WebRTC says that it is WebRTC that is missing, and where it is turned on", async ({
  inFirefox,
}) => {
  const fay = await inFirefox(fresh("fay"), { "media.peerconnection.enabled": false });
  await expect
    .poll(() => fay.page.evaluate(() => document.querySelector("h1")?.textContent))
    .toMatch(/^WebRTC is off .* media\.peerconnection\.enabled in about:config/);
  const isWithin = () => {
    const card = document.querySelector(".card");
    return card !== null && card.scrollWidth <= card.clientWidth;
  };
  expect(await fay.page.evaluate(isWithin)).toBe(true);
});

test("Firefox is back in a call after a reload, with pictures and sound both ways", async ({
  inFirefox,
  person,
}) => {
  const pair = [await inFirefox(fresh("fay")), await person(fresh("cora"))] as const;
  await connect(pair);
  await pair[0].reload();
  for (const one of pair) await one.expectShown("call-timer");
  await expectVideo(...pair);
  await expectSound(...pair);
});

test("where Firefox plays nothing by itself one tap brings back sound and picture after a reload", async ({
  inFirefox,
  person,
}) => {
  const prefs = { "media.autoplay.default": 5, "media.autoplay.blocking_policy": 2 };
  const pair = [await inFirefox(fresh("fay"), prefs), await person(fresh("cora"))] as const;
  const [fay] = pair;
  await connect(pair);
  await fay.reload();
  for (const one of pair) await one.expectShown("call-timer");
  await fay.press("tap-to-hear");
  for (const testId of ["remote-audio", "remote-video"]) await expectPlaying(fay, testId);
});

/** An element's media moves on. */
async function expectPlaying({ page, name }: FirefoxPerson, testId: string): Promise<void> {
  const position = () =>
    page.evaluate(
      (selector) => document.querySelector<HTMLMediaElement>(selector)?.currentTime,
      `[data-testid="${testId}"]`,
    );
  const before = (await position()) ?? 0;
  await expect.poll(position, { message: `${testId} of ${name}` }).toBeGreaterThan(before + 0.2);
}

for (const { how, prefs } of [
  { how: "refuses to open them", prefs: { "network.cookie.cookieBehavior": 2 } },
  { how: "has none", prefs: { "dom.storage.enabled": false } },
]) {
  test(`people call from a Firefox that, asked for its stores, ${how}`, async ({ inFirefox, person }) => {
    const pair = [await inFirefox(fresh("fay"), prefs), await person(fresh("cora"))] as const;
    await connect(pair, "audio");
    await expectSound(...pair);
  });
}

test("people who hide their addresses behind mDNS names hear each other", async ({ inFirefox, person }) => {
  const prefs = {
    ...hiddenAddresses,
    "media.navigator.permission.disabled": false,
    "permissions.default.microphone": 2,
    "permissions.default.camera": 2,
  };
  const pair = [await inFirefox(fresh("fay"), prefs), await person(fresh("cora"))] as const;
  await connect(pair, "audio");
  await expectSound(pair[0]);
});
