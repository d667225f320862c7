import { environment, expect, expectSound, expectVideo, fresh, test } from "../support/people.ts";
import { startProgram } from "../support/processes.ts";

test("Echo sends back sound, picture and text", async ({ person }) => {
  const alice = await person(fresh("alice"));
  await alice.call("echo");
  await expectVideo(alice);
  await expectSound(alice);
  await alice.press("toggle-chat");
  await alice.page.getByTestId("chat-input").fill("is anybody there?");
  await alice.page.keyboard.press("Enter");
  await expect(alice.page.getByTestId("chat-message")).toHaveCount(2);
  await expect(alice.page.getByTestId("chat-message").last()).toContainText("is anybody there?");
  await alice.press("hang-up");
  await alice.expectEnded(/^You ended the call/);
});

test("from the start page to hearing oneself takes at most four clicks", async ({ person }) => {
  const alice = await person(fresh("alice"));
  await alice.call("echo");
  await expectSound(alice);
});

test("a bot rings a person and reports the call", async ({ person }) => {
  const alice = await person(fresh("alice"));
  await expect(alice.row("echo")).toBeVisible();
  const bot = startBot(alice.name, "--talk", "2s");
  await alice.press("answer-video");
  await expectVideo(alice);
  await expectSound(alice);
  expect(await bot.exited).toBe(0);
  const events = bot.lines
    .filter((line) => line.startsWith('{"event"'))
    .map((line) => JSON.parse(line).event);
  expect(events).toEqual(["online", "dialing", "ringing", "connecting", "live", "media", "ended", "done"]);
});

test("a bot that is declined exits with 4", async ({ person }) => {
  const alice = await person(fresh("alice"));
  await expect(alice.row("echo")).toBeVisible();
  const bot = startBot(alice.name);
  await alice.press("decline");
  expect(await bot.exited).toBe(4);
});

test("a bot that nobody answers in time exits with 124", async ({ person }) => {
  const alice = await person(fresh("alice"));
  await expect(alice.row("echo")).toBeVisible();
  const bot = startBot(alice.name, "--timeout", "2s");
  expect(await bot.exited).toBe(124);
  await expect(alice.page.getByTestId("answer-video")).toHaveCount(0);
});

test("a bot without a server exits with 3", async () => {
  const bot = startProgram("apps/bot/src/main.ts", [
    "call",
    "alice",
    "--server",
    "http://127.0.0.1:9",
    "--json",
  ]);
  expect(await bot.exited).toBe(3);
});

test("a bot that is misused exits with 2", async () => {
  const bot = startProgram("apps/bot/src/main.ts", ["call", "alice", "--timeout", "soon"]);
  expect(await bot.exited).toBe(2);
});

function startBot(callee: string, ...args: readonly string[]) {
  const server = environment("PEERLINE_E2E_SERVER");
  return startProgram("apps/bot/src/main.ts", [
    "call",
    callee,
    "--json",
    "--server",
    server,
    "--user",
    fresh("bot"),
    ...args,
  ]);
}
