import { startFaultProxy } from "../support/fault-proxy.ts";
import { connect, expect, expectPackets, expectSound, fresh, type Person, test } from "../support/people.ts";
import { followBanners } from "../support/probes.ts";
import { startSuccessiveServers } from "../support/stack.ts";

test("80: a rolling restart takes everyone to the next server, and those who talk notice nothing", async ({
  person,
}) => {
  const servers = await startSuccessiveServers();
  const proxy = await startFaultProxy(servers.first.port);
  try {
    const [alice, bob, carol] = (await Promise.all(
      ["alice", "bob", "carol"].map((name) => person(fresh(name), { server: proxy.url })),
    )) as [Person, Person, Person];
    await connect([alice, bob], "audio");
    const banners = await Promise.all([alice, bob].map(({ page }) => followBanners(page)));
    const next = await servers.next();
    proxy.setTarget(next.port);
    await Promise.all([servers.first.program.stop(), expectPackets(alice, 5), expectPackets(bob, 5)]);
    const attached = () => next.program.lines.filter((line) => line.includes("endpoint attached")).length;
    await expect.poll(attached).toBe(3);
    expect(await Promise.all(banners.map((each) => each.seen()))).toEqual([[], []]);
    await carol.call(bob.name, "audio");
    await carol.expectEnded(`${bob.name} is on another call`);
    await expectSound(alice, bob);
    await alice.press("hang-up");
    await bob.expectEnded(/ended the call/);
    for (const one of [alice, bob]) await one.backToPeople();
    await connect([bob, alice], "audio");
  } finally {
    await proxy.close();
    await servers.stop();
  }
});
