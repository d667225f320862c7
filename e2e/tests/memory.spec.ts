import { heapGrowthAllowed, measureBotMemory, measureTab } from "../support/memory.ts";
import { callEchoAgainAndAgain, environment, expect, fresh, test } from "../support/people.ts";

test("forty calls in a row leave a bot with the connections, timers and memory it had after ten", async () => {
  test.setTimeout(120_000);
  const { before, after } = await measureBotMemory({
    serverUrl: environment("PEERLINE_E2E_SERVER"),
    calls: 40,
    warmUp: 10,
    withinMs: 110_000,
  });
  test.info().annotations.push({ type: "memory", description: JSON.stringify({ before, after }) });
  expect(after.openConnections).toBe(0);
  expect(after.resources).toEqual(before.resources);
  expect(after.heapBytes).toBeLessThan(before.heapBytes * (1 + heapGrowthAllowed));
});

test("twenty calls in a row leave a tab with the memory it had after ten", async ({ person }) => {
  test.setTimeout(120_000);
  const alice = await person(fresh("alice"));
  await callEchoAgainAndAgain(alice, 10);
  const before = await measureTab(alice.page);
  await callEchoAgainAndAgain(alice, 10);
  const after = await measureTab(alice.page);
  test.info().annotations.push({ type: "memory", description: JSON.stringify({ before, after }) });
  expect(after.openConnections).toBe(0);
  expect(after.heapBytes).toBeLessThan(before.heapBytes * (1 + heapGrowthAllowed));
});
