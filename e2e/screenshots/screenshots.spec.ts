import { fileURLToPath } from "node:url";
import { connect, expect, expectVideo, type Person, test } from "../support/people.ts";

const folder = fileURLToPath(new URL("../../docs/images/", import.meta.url));
const phone = { width: 390, height: 844 };

function shoot(person: Person, name: string) {
  return person.page.screenshot({ path: `${folder}${name}.png` });
}

test("people, incoming, ringing, live and ended", async ({ person }) => {
  const ana = await person("Ana");
  const ben = await person("Ben");
  await person("Chloe");
  await expect(ana.row("Chloe")).toBeVisible();
  await expect(ana.row("echo")).toContainText(/available/i);
  await shoot(ana, "people");
  await ana.call("Ben");
  await ana.expectPhase("Ringing…");
  await shoot(ana, "ringing");
  await expect(ben.page.getByTestId("answer-video")).toBeVisible();
  await shoot(ben, "incoming");
  await ben.press("answer-video");
  await expectVideo(ana, ben);
  await ana.press("toggle-chat");
  await ana.page.getByTestId("chat-input").fill("Can you hear me?");
  await ana.page.keyboard.press("Enter");
  await expect(ana.page.getByTestId("path")).toContainText("Direct");
  await shoot(ana, "live-call");
  await ana.press("hang-up");
  await ana.expectEnded(/You ended the call/);
  await shoot(ana, "ended");
});

test("a live call on a phone", async ({ person }) => {
  const ana = await person("Ana", { viewport: phone });
  const ben = await person("Ben", { viewport: phone });
  await shoot(ana, "people-phone");
  await connect([ana, ben]);
  await expectVideo(ana, ben);
  await expect(ana.page.getByTestId("path")).toContainText("Direct");
  await shoot(ana, "live-call-phone");
});

test("the lab", async ({ person }) => {
  const ana = await person("Ana", { path: "/lab?with=Ben" });
  const ben = await person("Ben", { path: "/lab?with=Ana" });
  for (const one of [ana, ben]) await one.press("lab-register");
  await ana.press("lab-ping");
  await ana.press("lab-offer");
  await ana.press("lab-start");
  await expectVideo(ana, ben);
  await ana.page.setViewportSize({ width: 1280, height: 1100 });
  await shoot(ana, "lab");
});
