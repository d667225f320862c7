import { startFaultProxy } from "../support/fault-proxy.ts";
import {
  test as base,
  connect,
  environment,
  expect,
  expectPackets,
  expectSound,
  fresh,
  type Person,
} from "../support/people.ts";
import { type MortalServer, startMortalServer, startServer } from "../support/stack.ts";

interface Fixtures {
  /** Two people at a server that the test kills. */
  readonly mortals: { readonly server: MortalServer; readonly people: readonly [Person, Person] };
}

const test = base.extend<Fixtures>({
  mortals: async ({ person }, use) => {
    const server = await startMortalServer();
    try {
      const alice = await person(fresh("alice"), { server: server.url });
      const bob = await person(fresh("bob"), { server: server.url });
      await use({ server, people: [alice, bob] });
    } finally {
      await server.stop();
    }
  },
});

test("nobody answering ends by the server's ring timer", async ({ person }) => {
  const server = await startServer(["--ring-seconds", "15"]);
  try {
    const alice = await person(fresh("alice"), { server: server.url });
    const bob = await person(fresh("bob"), { server: server.url });
    await alice.call(bob.name);
    await expect(bob.page.getByTestId("answer-video")).toBeVisible();
    await expect(alice.page.getByTestId("end-reason")).toHaveText("No answer", { timeout: 25_000 });
    await expect(bob.page.getByTestId("answer-video")).toHaveCount(0);
  } finally {
    await server.program.stop();
  }
});

test("closing the tab in a call frees the other side", async ({ pair, person }) => {
  const [alice, bob] = pair;
  await connect(pair, "audio");
  await alice.page.close({ runBeforeUnload: true });
  await expect(bob.page.getByTestId("end-reason")).toBeVisible({ timeout: 20_000 });
  await bob.backToPeople();
  const carol = await person(`carol-of-${bob.name}`);
  await carol.call(bob.name, "audio");
  await expect(bob.page.getByTestId("answer-audio")).toBeVisible();
});

test("closing the tab while it rings stops the ringing", async ({ pair }) => {
  const [alice, bob] = pair;
  await alice.call(bob.name);
  await expect(bob.page.getByTestId("answer-video")).toBeVisible();
  await alice.page.close({ runBeforeUnload: true });
  await expect(bob.page.getByTestId("answer-video")).toHaveCount(0, { timeout: 20_000 });
});

test("after a restart of the server people can call again", async ({ mortals }) => {
  const { server, people } = mortals;
  const [alice, bob] = people;
  await connect(people, "audio");
  await alice.press("hang-up");
  for (const one of people) await one.backToPeople();
  await server.kill();
  await server.revive();
  await connect([bob, alice], "audio");
  await expectSound(alice, bob);
});

test("a call outlives cut signaling connections, and hanging up still reaches the other side", async ({
  person,
}) => {
  const proxy = await startFaultProxy(Number(new URL(environment("PEERLINE_E2E_SERVER")).port));
  try {
    const alice = await person(fresh("alice"), { server: proxy.url });
    const bob = await person(fresh("bob"), { server: proxy.url });
    await connect([alice, bob], "audio");
    for (let cut = 0; cut < 3; cut++) {
      await expect.poll(() => proxy.cut(), "there is something to cut").toBeGreaterThan(0);
      await expect(alice.page.getByTestId("banner")).toHaveCount(0);
      await expectSound(alice, bob);
    }
    await alice.press("hang-up");
    await bob.expectEnded(/ended the call/);
    await alice.backToPeople();
    await bob.backToPeople();
    await connect([bob, alice], "audio");
  } finally {
    await proxy.close();
  }
});

test("82: a call outlives kill -9 of the server, is known to the next one, and ends on both sides", async ({
  mortals,
  person,
}) => {
  const { server, people } = mortals;
  const [alice, bob] = people;
  await connect(people, "audio");
  await server.kill();
  await Promise.all([expectPackets(alice, 10), expectPackets(bob, 10)]);
  await alice.press("toggle-microphone");
  await expect(bob.page.getByTestId("remote-microphone")).toBeVisible();
  await alice.press("toggle-microphone");
  await server.revive();
  await expect(alice.page.getByTestId("banner")).toHaveCount(0);
  await expectSound(alice, bob);
  const carol = await person(fresh("carol"), { server: server.url });
  await carol.call(bob.name, "audio");
  await carol.expectEnded(`${bob.name} is on another call`);
  await alice.press("hang-up");
  await bob.expectEnded(/ended the call/);
  await carol.backToPeople();
  await bob.backToPeople();
  await connect([carol, bob], "audio");
});

test("82: hanging up while the server is down ends the call on both sides, and the next server knows", async ({
  mortals,
}) => {
  const { server, people } = mortals;
  const [alice, bob] = people;
  await connect(people, "audio");
  await server.kill();
  await alice.press("hang-up");
  await bob.expectEnded(/ended the call/);
  for (const one of people) await one.backToPeople();
  await server.revive();
  await connect([bob, alice], "audio");
  await expectSound(alice, bob);
});

test("83: a call that rings when the server is killed rings on at the next one, and can be answered", async ({
  mortals,
}) => {
  const { server, people } = mortals;
  const [alice, bob] = people;
  await alice.call(bob.name, "audio");
  await expect(bob.page.getByTestId("answer-audio")).toBeVisible();
  await server.kill();
  await server.revive();
  await expect.poll(() => server.program().lines.some((line) => line.includes("call ringing"))).toBe(true);
  await bob.press("answer-audio");
  await expectSound(alice, bob);
});

test("83: an answer that reaches the next server before the caller does takes the call", async ({
  person,
}) => {
  await using cleanup = new AsyncDisposableStack();
  const server = await startMortalServer();
  cleanup.defer(server.stop);
  const proxy = await startFaultProxy(Number(new URL(server.url).port));
  cleanup.defer(proxy.close);
  const alice = await person(fresh("alice"), { server: proxy.url });
  const bob = await person(fresh("bob"), { server: server.url });
  await alice.call(bob.name, "audio");
  await expect(bob.page.getByTestId("answer-audio")).toBeVisible();
  proxy.setMode("refuse");
  await server.kill();
  await server.revive();
  const isBack = (line: string) => line.includes("endpoint attached") && line.includes(bob.name);
  await expect.poll(() => server.program().lines.some(isBack)).toBe(true);
  await bob.press("answer-audio");
  proxy.setMode("pass");
  await expectSound(alice, bob);
});
