import { expect } from "@playwright/test";
import type { Program } from "./processes.ts";

/** One line of a bot's NDJSON. */
export interface BotEvent {
  readonly event: string;
  /** Wall clock, in ms. */
  readonly atMs: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the bot reported so far. */
export function botEvents({ lines }: Pick<Program, "lines">): readonly BotEvent[] {
  return lines
    .filter((line) => line.startsWith('{"event"'))
    .map((line) => {
      const { event, at, ...fields } = JSON.parse(line) as Record<string, unknown>;
      return { event: String(event), atMs: Date.parse(String(at)), fields };
    });
}

/** How a call's media went. */
export interface CallReport {
  /** From the dial until the call was live. */
  readonly liveAfterMs: unknown;
  readonly path: unknown;
  /** Candidate types, own first, and the transport, as in "host srflx udp". */
  readonly pair: string;
  /** How the own TURN server is reached. */
  readonly relayProtocol: unknown;
  /** Round trip of the media path; undefined: none was measured. */
  readonly rttMs: unknown;
}

/** Waits until the bot has ended well, which says that media arrived, and reads what it reported. */
export async function finishedCall(bot: Program): Promise<CallReport> {
  const code = await bot.exited;
  expect(code, `the bot's exit code\n${bot.lines.join("\n")}`).toBe(0);
  const events = botEvents(bot);
  const find = (name: string) => events.find(({ event }) => event === name)?.fields;
  const media = find("media");
  const { local, remote, protocol, path, relayProtocol } = {
    ...(media?.selectedPair as Record<string, unknown> | undefined),
  };
  return {
    rttMs: media?.rttMs,
    liveAfterMs: find("live")?.afterMs,
    path,
    pair: `${local} ${remote} ${protocol}`,
    relayProtocol,
  };
}
