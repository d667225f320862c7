import { type CallEngine, createCallEngine } from "../calls/call-engine.ts";
import { livePartyKeys } from "../calls/call-entry.ts";
import { logCall } from "../calls/call-log.ts";
import type { Effect, Scene } from "../calls/scene.ts";
import { createPresence, type Presence } from "../presence/presence.ts";
import type { Services } from "../services.ts";
import { userOfKey } from "../store/keys.ts";
import { pairName } from "./command-budget.ts";
import type { StreamRegistry } from "./stream-registry.ts";

/** What follows from a committed change: timers, leases, presence, log lines, ping intervals. */
export interface Aftermath {
  readonly calls: CallEngine;
  readonly presence: Presence;
  apply(effects: readonly Effect[]): void;
  /** Runs a change in a transaction and applies its effects. */
  commit<T>(body: (scene: Scene) => Promise<T>): Promise<T>;
  close(): void;
}

export function createAftermath(services: Services, streams: StreamRegistry): Aftermath {
  const presence = createPresence(services, (key, items, full) => streams.find(key)?.presence(items, full));
  const apply = (effects: readonly Effect[]) => {
    for (const effect of effects) applyOne(effect);
  };
  const calls = createCallEngine(services, apply);

  const applyOne = (effect: Effect) => {
    if (effect.type === "presence.subscribe") {
      presence.subscribe(userOfKey(effect.key), effect.key, effect.subscribe);
      return;
    }
    if (effect.type === "presence.set") {
      presence.wish(userOfKey(effect.key), effect.set.availability);
      return;
    }
    const { before, after, abandoned } = effect;
    calls.changed(before, after);
    presence.callChanged(before, after, abandoned);
    logCall(services.logger, before, after);
    if (after.phase === "active" && before?.phase === "ringing") {
      services.limiters.unanswered.give(pairName(after.caller.user, after.calleeUser));
    }
    for (const key of new Set([...(before ? livePartyKeys(before) : []), ...livePartyKeys(after)])) {
      streams.find(key)?.wake();
    }
  };

  return {
    calls,
    presence,
    apply,
    async commit(body) {
      const { result, effects } = await services.store.transact(async (transaction) => {
        const scene: Scene = { transaction, services, now: services.clock.now(), effects: [] };
        return { result: await body(scene), effects: scene.effects };
      });
      apply(effects);
      return result;
    },
    close() {
      calls.close();
      presence.close();
    },
  };
}
