import { readFile } from "node:fs/promises";
import { meterDevice } from "../lab/link-commands.ts";
import { outageAfter } from "./lab-outage.ts";

/** Watches the media that arrives on a host, packet by packet, below the programs that run there. */
export interface MediaMeter {
  /** Resolves when media has come without a break for a second. */
  steady(): Promise<void>;
  /** Waits until media has gone and come back, after `sinceMs` of the meter's clock. Resolves with how long it was away, in ms. */
  outage(sinceMs: number, withinMs: number): Promise<number>;
  /** The meter's clock, in ms. */
  now(): number;
  stop(): void;
}

const sampleEveryMs = 10;
const startWithinMs = 20_000;
const longAgoMs = -1_000_000;

/** `pid`: any process on the host. The host's counters are read through it. */
export function startMeter(pid: number): MediaMeter {
  const arrivals: number[] = [];
  const watchers = new Set<() => void>();
  let packets: number | undefined;
  let reading = false;

  async function sample(): Promise<void> {
    if (reading) return;
    reading = true;
    const counted = packetsOf(await readFile(`/proc/${pid}/net/dev`, "utf8").catch(() => ""));
    reading = false;
    if (packets !== undefined && counted !== undefined && counted > packets) arrivals.push(performance.now());
    packets = counted ?? packets;
    for (const watcher of watchers) watcher();
  }

  function outage(sinceMs: number, withinMs: number): Promise<number> {
    const deadline = performance.now() + withinMs;
    return new Promise((resolve, reject) => {
      const look = () => {
        const now = performance.now();
        const awayMs = outageAfter(arrivals, sinceMs, now);
        if (awayMs === undefined && now < deadline) return;
        watchers.delete(look);
        if (awayMs === undefined) reject(new Error(`no media came and stayed within ${withinMs} ms`));
        else resolve(awayMs);
      };
      watchers.add(look);
    });
  }

  const timer = setInterval(() => void sample(), sampleEveryMs);
  return {
    async steady() {
      await outage(longAgoMs, startWithinMs);
    },
    outage,
    now: () => performance.now(),
    stop: () => clearInterval(timer),
  };
}

/** The second counter of the line in /proc/net/dev: packets that the far end of the meter received. */
function packetsOf(table: string): number | undefined {
  const [, counted] = new RegExp(`${meterDevice}-end: *\\d+ +(\\d+)`).exec(table) ?? [];
  return counted === undefined ? undefined : Number(counted);
}
