import { startBufferingProxy } from "../support/buffering-proxy.ts";
import { type FaultProxy, startFaultProxy } from "../support/fault-proxy.ts";
import {
  connect,
  environment,
  expect,
  expectPackets,
  expectSound,
  fresh,
  type Person,
  type PersonOptions,
  test,
} from "../support/people.ts";
import { interruption, readLocalPort } from "../support/probes.ts";
import { startRelayedStack } from "../support/relayed-stack.ts";
import { startEcho, startTunedServer } from "../support/stack.ts";

/** What the protocol says in tens of seconds, in seconds. */
const brisk = { pingBusyMs: 1_000, streamDeadBusyMs: 4_000, unreachableMs: 3_000, leaseMs: 6_000 };
/** Timers of a busy machine are late. */
const slackMs = 2_000;

/** Two people in a call, of whom Alice reaches the server through a proxy that can fail. */
async function talkOverProxy(person: (name: string, options: PersonOptions) => Promise<Person>) {
  const cleanup = new AsyncDisposableStack();
  const server = await startTunedServer({ timers: brisk });
  cleanup.defer(() => server.program.stop());
  const proxy = await startFaultProxy(server.port);
  cleanup.defer(proxy.close);
  const alice = await person(fresh("alice"), { server: proxy.url });
  const bob = await person(fresh("bob"), { server: server.url });
  await connect([alice, bob], "audio");
  return { server, proxy, alice, bob, [Symbol.asyncDispose]: () => cleanup.disposeAsync() };
}

test("58: a half-open path is noticed by its silence, and the call goes on over the next one", async ({
  person,
}) => {
  await using setup = await talkOverProxy(person);
  const { server, proxy, alice, bob } = setup;
  const attachments = () =>
    server.program.lines.filter((line) => line.includes("endpoint attached") && line.includes(alice.name));
  expect(attachments()).toHaveLength(1);

  const noticed = await interruption(alice.page);
  expect(proxy.strand()).toBeGreaterThan(0);
  await expectSound(alice, bob);
  expect(await noticed.afterMs()).toBeLessThan(brisk.streamDeadBusyMs + slackMs);
  await expect.poll(() => attachments().length).toBe(2);
  expect(attachments()[1]).toContain("resumed=true");

  await expect(alice.page.getByTestId("banner")).toHaveCount(0);
  await expectSound(alice, bob);
  await bob.press("hang-up");
  await alice.expectEnded(/ended the call/);
  for (const one of [alice, bob]) await one.backToPeople();
  await connect([bob, alice], "audio");
});

test("58, 61: a person who is offline for longer than the lease talks on, and what they do arrives", async ({
  person,
}) => {
  await using setup = await talkOverProxy(person);
  const { proxy, alice, bob } = setup;

  const noticed = await interruption(alice.page);
  await goOffline(alice, proxy);
  await noticed.afterMs();
  await expect(alice.page.getByTestId("banner")).toHaveCount(0);
  await alice.press("toggle-microphone");
  await expect(bob.page.getByTestId("remote-microphone")).toBeVisible();
  await alice.press("toggle-microphone");
  await expect(bob.page.getByTestId("remote-microphone")).toBeHidden();
  await Promise.all([expectPackets(alice, 10), expectPackets(bob, 10)]);
  await expectSound(alice, bob);
  await expect(alice.page.getByTestId("banner")).toHaveAttribute("data-banner", "server-lost");

  await comeOnline(alice, proxy);
  await expect(alice.page.getByTestId("banner")).toHaveCount(0);
  await expectSound(alice, bob);

  await goOffline(alice, proxy);
  await alice.press("hang-up");
  await bob.expectEnded(/ended the call/);
  await comeOnline(alice, proxy);
  for (const one of [alice, bob]) await one.backToPeople();
  await connect([bob, alice], "audio");
});

test("65: behind a proxy that keeps streams back, people see each other and talk", async ({ person }) => {
  await using cleanup = new AsyncDisposableStack();
  const proxy = await startBufferingProxy(Number(new URL(environment("PEERLINE_E2E_SERVER")).port));
  cleanup.defer(proxy.close);
  const [alice, bob] = [await person(fresh("alice"), { server: proxy.url }), await person(fresh("bob"))];
  await expect(alice.page.getByTestId("link-state")).toHaveAttribute("data-state", "ready", {
    timeout: 20_000,
  });
  await connect([bob, alice], "audio");
  await expectSound(alice, bob);
  await alice.press("hang-up");
  await bob.expectEnded(/ended the call/);
  for (const one of [alice, bob]) await one.backToPeople();
  await connect([alice, bob], "audio");
  await bob.press("hang-up");
  await alice.expectEnded(/ended the call/);
  expect(proxy.passed().filter((passed) => /^POST .*\/Receive$/.test(passed))).toEqual([]);
  expect(proxy.passed().some((passed) => /^POST .*\/Poll$/.test(passed))).toBe(true);
});

for (const { transport, row, credentialMs } of [
  { transport: "udp", row: "59", credentialMs: undefined },
  { transport: "tcp", row: "59, 67", credentialMs: 4_000 },
] as const) {
  const expired = credentialMs === undefined ? "" : " after the credentials ran out";
  test(`${row}: a call through a relay over ${transport} outlives a restart of it${expired}`, async ({
    person,
  }) => {
    await using cleanup = new AsyncDisposableStack();
    const stack = await startRelayedStack({
      transport,
      ...(credentialMs === undefined ? {} : { credentialMs }),
    });
    cleanup.defer(stack.close);
    const options = { server: stack.server.url, relayOnly: true };
    const signedInAt = performance.now();
    const [alice, bob] = [await person(fresh("alice"), options), await person(fresh("bob"), options)];
    await connect([alice, bob], "audio");
    await expectSound(alice, bob);
    for (const { page } of [alice, bob]) await expect(page.getByTestId("path")).toContainText("Relayed");
    const leftMs = (credentialMs ?? 0) - (performance.now() - signedInAt);
    if (leftMs > 0) await expectPackets(bob, leftMs / 1_000);

    const ports = await Promise.all([alice, bob].map(({ page }) => readLocalPort(page)));
    await stack.coturn.restart();
    for (const [index, { page, name }] of [alice, bob].entries()) {
      await expect
        .poll(() => readLocalPort(page), { message: `${name} has another relay`, timeout: 30_000 })
        .not.toBe(ports[index]);
    }
    await Promise.all([alice, bob].map((one) => expectPackets(one, 3)));
    for (const { page } of [alice, bob]) await expect(page.getByTestId("path")).toContainText("Relayed");
  });
}

test("60: a peer whose process is killed is missed, and the call ends", async ({ person }) => {
  await using cleanup = new AsyncDisposableStack();
  const server = await startTunedServer({ timers: { ...brisk, recoverMs: 4_000 } });
  cleanup.defer(() => server.program.stop());
  const echo = await startEcho(server.url);
  cleanup.defer(() => echo.stop("SIGKILL"));
  const alice = await person(fresh("alice"), { server: server.url });
  await alice.call("echo", "audio");
  await expectSound(alice);
  await echo.stop("SIGKILL");
  await expect(alice.page.getByTestId("banner")).toHaveAttribute("data-banner", /reconnecting|peer-lost/);
  await alice.expectEnded(/connection|lost/i);
  await alice.backToPeople();
  await expect(alice.row("echo")).toContainText(/offline/i);
});

/** The browser refuses new requests, and those that are open, which it spares, lose their path. */
async function goOffline({ page }: Person, proxy: FaultProxy): Promise<void> {
  await page.context().setOffline(true);
  proxy.setMode("refuse");
  proxy.cut();
}

async function comeOnline({ page }: Person, proxy: FaultProxy): Promise<void> {
  proxy.setMode("pass");
  await page.context().setOffline(false);
}

test("a talk goes on by itself when the other one is gone and calls from another device, as muted as it was", async ({
  person,
}) => {
  await using cleanup = new AsyncDisposableStack();
  const server = await startTunedServer({ timers: { ...brisk, unreachableMs: 500 } });
  cleanup.defer(() => server.program.stop());
  const name = fresh("alice");
  const [laptop, bob] = [
    await person(name, { server: server.url }),
    await person(fresh("bob"), { server: server.url }),
  ];
  const phone = await person(name, { server: server.url });
  await connect([laptop, bob], "audio");
  await bob.press("toggle-microphone");
  await laptop.close();
  await bob.expectPhase(/Reconnecting/);

  await phone.call(bob.name, "audio");
  for (const one of [phone, bob]) await expect(one.page.getByTestId("call-timer")).toBeVisible();
  await expect(phone.page.getByTestId("remote-microphone")).toBeVisible();
  await expect(bob.page.getByTestId("toggle-microphone")).toHaveAttribute("data-off", "true");
  await expectSound(bob);
});
