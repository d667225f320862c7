import prepareLab from "../lab/global-setup.ts";
import { openLabPerson } from "../support/lab-browser.ts";
import { apart, changeAddressOfAlice, type MediaGap } from "../support/lab-path-change.ts";
import { type LabStack, openLabStack } from "../support/lab-stack.ts";
import { expectVideo } from "../support/people.ts";
import type { Figure, FigureResult, Note } from "./figure.ts";
import { spread } from "./statistics.ts";

/** PROTOCOL 4.2, R11; race 57. */
export const pathChangeBot = pathChange(
  "path-change-bot",
  "The caller's only address becomes another one during a call, behind NAT, bot to bot",
  async (stack) => {
    const echo = await stack.echo("bob");
    const caller = stack.call("alice", "--talk", "5m");
    await caller.line(/"event":"live"/);
    return changeAddressOfAlice(stack, { alice: caller.pid, bob: echo.pid });
  },
);

/** The same for a person in Chromium. */
export const pathChangeBrowser = pathChange(
  "path-change-browser",
  "The caller's only address becomes another one during a call, behind NAT, Chromium to bot",
  async (stack) => {
    const [{ person, pid }, echo] = await Promise.all([
      openLabPerson(stack, "alice", "alice"),
      stack.echo("bob"),
    ]);
    await person.call("echo");
    await expectVideo(person);
    return changeAddressOfAlice(stack, { alice: pid, bob: echo.pid });
  },
);

function pathChange(name: string, what: string, once: (stack: LabStack) => Promise<MediaGap>): Figure {
  return {
    name,
    what: `${what}: how long media was away, by the packets that arrive.`,
    runs: 20,
    measure: (runs, note) => measure(once, runs, note),
  };
}

async function measure(
  once: (stack: LabStack) => Promise<MediaGap>,
  runs: number,
  note: Note,
): Promise<FigureResult> {
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(await prepareLab());
  const gaps: MediaGap[] = [];
  for (let run = 0; run < runs; run++) {
    const stack = await openLabStack(apart("port-restricted"));
    try {
      const gap = await once(stack);
      gaps.push(gap);
      note(`${run + 1} of ${runs}: ${JSON.stringify(gap)}`);
    } catch (error) {
      note(`${run + 1} of ${runs} failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await stack.close();
    }
  }
  return {
    changes: runs,
    recovered: gaps.length,
    ...spread(
      "toMover",
      gaps.map(({ toAliceMs }) => toAliceMs),
    ),
    ...spread(
      "toOther",
      gaps.map(({ toBobMs }) => toBobMs),
    ),
  };
}
