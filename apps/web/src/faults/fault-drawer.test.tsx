import { signal } from "@preact/signals";
import prerender from "preact-iso/prerender";
import { expect, test } from "vitest";
import { fakeCall, fakeDetails, fakeView } from "../testing/fake-views.ts";
import { FaultDrawer, type FaultDrawerProps } from "./fault-drawer.tsx";

const noFault: FaultDrawerProps["faults"]["value"] = {
  on: { stall: false, offline: false, "force-relay": false, "kill-media": false },
  times: { cut: 0, "expire-token": 0, "expire-turn": 0 },
  token: "good",
};

interface Looks {
  readonly isOpen?: boolean;
  readonly view?: FaultDrawerProps["view"]["value"];
  readonly faults?: typeof noFault;
}

/** The drawer as the browser gets it. */
async function drawn({ isOpen = true, view = fakeView(), faults = noFault }: Looks = {}): Promise<string> {
  const { html } = await prerender(
    <FaultDrawer
      isOpen={signal(isOpen)}
      view={signal(view)}
      faults={signal(faults)}
      switches={{ trigger: () => {}, set: () => {} }}
      peerline={{ networkChanged: () => {} }}
    />,
  );
  return html;
}

/** The text of the element with this test id. */
function textOf(html: string, testId: string): string | undefined {
  return new RegExp(`data-testid="${testId}"[^>]*>([^<]*)<`).exec(html)?.[1];
}

/** Whether each switch is on, by its test id. */
function switchesIn(html: string): Record<string, string> {
  const found = html.matchAll(/<button[^>]*role="switch"[^>]*>/g);
  return Object.fromEntries(
    [...found].map(([tag]) => [
      /data-testid="([^"]*)"/.exec(tag)?.[1] ?? "",
      /aria-checked="([^"]*)"/.exec(tag)?.[1] ?? "",
    ]),
  );
}

test("a closed drawer is a button that says so", async () => {
  const html = await drawn({ isOpen: false });
  expect(html).toContain('aria-expanded="false"');
  expect(html).not.toContain('fault-panel" class');
});

test("shows the phase of the link, the call and its connection, and the token", async () => {
  const html = await drawn({
    view: fakeView({ link: "interrupted", call: fakeCall("live"), details: fakeDetails() }),
    faults: { ...noFault, token: "expired" },
  });
  const facts = ["fault-link", "fault-call", "fault-connection", "fault-token"].map((id) => textOf(html, id));
  expect(facts).toEqual(["interrupted", "live", "connected", "expired"]);
});

test("without a call there is nothing to show of one", async () => {
  const html = await drawn();
  expect([textOf(html, "fault-call"), textOf(html, "fault-connection")]).toEqual(["none", "none"]);
});

test("each lasting fault is a switch in the state that it has", async () => {
  const html = await drawn({
    faults: { ...noFault, on: { ...noFault.on, stall: true, "kill-media": true } },
  });
  expect(switchesIn(html)).toEqual({
    "fault-stall": "true",
    "fault-offline": "false",
    "fault-force-relay": "false",
    "fault-kill-media": "true",
  });
});

test("a fault that happens once tells how often it did", async () => {
  expect(await drawn()).not.toContain("×");
  expect(await drawn({ faults: { ...noFault, times: { ...noFault.times, cut: 2 } } })).toContain("2 ×");
});

test("every control is described", async () => {
  const html = await drawn();
  const described = [...html.matchAll(/aria-describedby="([^"]*)"/g)].map(([, id]) => id);
  expect(described).toHaveLength(8);
  for (const id of described) expect(html).toContain(`id="${id}"`);
});
