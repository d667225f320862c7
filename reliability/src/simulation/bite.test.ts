import type { Transport } from "@connectrpc/connect";
import type { SessionPorts } from "@peerline/call-machine";
import { toHex } from "@peerline/call-machine/wire";
import { EndReason, type ReceiveResponse, type SendRequest } from "@peerline/protocol";
import type { Key, Store, Transaction } from "@peerline/server";
import { type SessionEntry, sessionKey } from "@peerline/server/testing";
import { expect, test } from "vitest";
import type { Rule } from "./passage.ts";
import { type RunOptions, runSeed } from "./run-seed.ts";

const mostSeeds = 150;

interface Breakage extends RunOptions {
  /** The invariants that must notice, by number. */
  readonly noticedBy: RegExp;
  /** Only runs in which a server was killed count: nothing is forgiven there but what was lost. */
  readonly withKills?: true;
}

const breakages: Readonly<Record<string, () => Breakage>> = {
  "a server that executes a repeated command again": () => ({ ...forgetfulServer(), noticedBy: /^11, 17:/ }),
  "a network that loses an event and hides the gap": () => ({
    tab: { wrapTransport: hidesLosses },
    noticedBy: /^1[34]:/,
  }),
  "an endpoint that never tells the server of an end": () => ({
    tab: { wrapPorts: withoutEnds },
    noticedBy: /^(29, )?30:/,
  }),
  "an endpoint that keeps its devices": () => ({ tab: { wrapPorts: withoutClosing }, noticedBy: /^24:/ }),
  "a server whose rings never end": () => ({
    server: { timers: { ringMs: 3_600_000 } },
    noticedBy: /^(29, 30|32):/,
  }),
  "a cancelled call that reads as declined, where servers are killed": () => ({
    tab: { wrapTransport: readsDeclined },
    temper: { servers: true },
    withKills: true,
    noticedBy: /^7:/,
  }),
};

test.each(Object.keys(breakages))("%s is noticed", { timeout: 120_000 }, async (name) => {
  const found: string[] = [];
  for (let seed = 1; seed <= mostSeeds && found.length === 0; seed++) {
    const { noticedBy, withKills, ...options } = breakages[name]?.() ?? { noticedBy: /^$/ };
    const { problems, totals } = await runSeed(seed, options);
    if (withKills && totals.serverKills === 0) continue;
    found.push(...problems.filter((problem) => noticedBy.test(problem)));
  }
  expect(found.length).toBeGreaterThan(0);
});

/** Sets the sequence back to where a repeated request begins, once for each request. */
function forgetfulServer(): Pick<RunOptions, "wrapStore" | "rules"> {
  const startsAt = new Map<string, number>();
  const watch: Rule = ({ kind, rpc, message }) => {
    if (kind !== "request" || rpc !== "send") return undefined;
    const { endpointId, commands } = message as SendRequest;
    if (commands[0]) startsAt.set(toHex(endpointId), Number(commands[0].clientSeq));
    return undefined;
  };
  const forget = <T>(key: Key<T>, value: T | undefined): T | undefined => {
    if (!key.name.startsWith(sessionKey("").name) || value === undefined) return value;
    const entry = value as SessionEntry;
    const start = startsAt.get(endpointOf(key.name)) ?? Number.POSITIVE_INFINITY;
    if (start > entry.lastSeq) return value;
    return { ...entry, lastSeq: start - 1, results: entry.results.filter(({ seq }) => seq < start) } as T;
  };
  const wrapStore = (store: Store): Store => ({
    ...store,
    transact: (body) => store.transact((transaction) => body(forgetting(transaction))),
  });
  const forgetting = (transaction: Transaction): Transaction => ({
    ...transaction,
    get: async (key) => forget(key, await transaction.get(key)),
    set(key, value, options) {
      if (key.name.startsWith(sessionKey("").name)) startsAt.delete(endpointOf(key.name));
      transaction.set(key, value, options);
    },
  });
  return { wrapStore, rules: [watch] };
}

function endpointOf(name: string): string {
  return name.slice(sessionKey("").name.length).split("@")[0] ?? "";
}

/** Every third event is lost, and the later ones take its number. */
function hidesLosses(transport: Transport): Transport {
  async function* lossy<T>(frames: AsyncIterable<T>): AsyncIterable<T> {
    let events = 0;
    let lost = 0n;
    for await (const item of frames) {
      const { frame } = item as unknown as ReceiveResponse;
      if (frame.case !== "event") {
        yield item;
        continue;
      }
      events += 1;
      if (events % 3 === 0) lost += 1n;
      else {
        frame.value.offset -= lost;
        yield item;
      }
    }
  }
  return {
    ...transport,
    async stream(...call) {
      const response = await transport.stream(...call);
      return { ...response, message: lossy(response.message) };
    },
  };
}

function readsDeclined(transport: Transport): Transport {
  async function* changed<T>(frames: AsyncIterable<T>): AsyncIterable<T> {
    for await (const item of frames) {
      const { frame } = item as unknown as ReceiveResponse;
      const body = frame.case === "event" ? frame.value.body : undefined;
      if (body?.case === "ended" && body.value.reason === EndReason.CANCELLED) {
        body.value.reason = EndReason.DECLINED;
      }
      yield item;
    }
  }
  return {
    ...transport,
    async stream(...call) {
      const response = await transport.stream(...call);
      return { ...response, message: changed(response.message) };
    },
  };
}

function withoutEnds(ports: SessionPorts): SessionPorts {
  const { signaling } = ports;
  return {
    ...ports,
    signaling: {
      ...signaling,
      send(action) {
        if (action.case !== "end") signaling.send(action);
      },
    },
  };
}

function withoutClosing(ports: SessionPorts): SessionPorts {
  const { media } = ports;
  return {
    ...ports,
    media: { open: (...asked) => ({ ...media.open(...asked), close() {} }) },
  };
}
