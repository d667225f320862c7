import prerender from "preact-iso/prerender";
import { expect, test } from "vitest";
import { StandbyScreen } from "./standby-screen.tsx";

async function drawn(leaderBusy: boolean): Promise<string> {
  const { html } = await prerender(
    <StandbyScreen leaderBusy={leaderBusy} onTakeOver={() => {}} onSignOut={() => {}} />,
  );
  return html;
}

const takeOver = (html: string) => /<button[^>]*use-it-here[^>]*>/.exec(html)?.[0];

test("a tab without the session says where it is, and can take over", async () => {
  const html = await drawn(false);
  expect(html).toContain("Peerline is open in another tab");
  expect(html).toContain("takes over by itself when you close that one");
  expect(takeOver(html)).not.toContain("disabled");
});

test("while the other tab is in a call it says so, and cannot take over", async () => {
  const html = await drawn(true);
  expect(html).toContain("You are in a call there");
  expect(takeOver(html)).toContain("disabled");
});
