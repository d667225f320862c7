import { type DetachRequest, DetachRequest_Intent, ErrorCode, GoAway_Action } from "@peerline/protocol";
import { createAlarms } from "../calls/alarms.ts";
import type { Scene } from "../calls/scene.ts";
import { textOf } from "../outside.ts";
import type { Services } from "../services.ts";
import { sessionKey, userKey, userOfKey } from "../store/keys.ts";
import type { Aftermath } from "./aftermath.ts";
import { forget, graceOver, type Leaving, leaveForGood, pageGone, streamClosed } from "./detach.ts";
import { goAway } from "./go-away.ts";
import { isOvertaken, type Life, readLife } from "./lives.ts";
import type { StreamRegistry } from "./stream-registry.ts";

/** What happens when endpoints go: grace, then their calls; later the mailbox. PROTOCOL 2.6. */
export interface Departure {
  /** Changes nothing when it comes too late. PROTOCOL 1.15. */
  detach(key: string, request: DetachRequest): Promise<void>;
  /** Every endpoint of a user goes for good, and its calls end as not allowed. PROTOCOL 1.12, row 95. */
  revoke(user: string): Promise<void>;
  /** The stream of this generation is over. */
  streamClosed(key: string, generation: number): Promise<void>;
  /** A stream is open again: nothing is lost. */
  attached(key: string): void;
  /** The endpoint made room for another one; its mailbox is gone already. */
  evicted(key: string): void;
  close(): void;
}

export function createDeparture(
  services: Services,
  streams: StreamRegistry,
  aftermath: Aftermath,
): Departure {
  const { clock, config, logger } = services;
  const alarms = createAlarms(clock);
  const inBackground = (work: Promise<unknown>) => {
    work.catch((reason: unknown) =>
      logger.warn("an endpoint could not be cleared", { reason: textOf(reason) }),
    );
  };
  const clearAlarms = (key: string) => {
    alarms.clear(`grace ${key}`);
    alarms.clear(`mailbox ${key}`);
  };
  const dropMailbox = async (key: string) => {
    if (await aftermath.commit((scene) => forget(scene, key))) aftermath.presence.forget(key);
  };
  const armAlarms = (key: string) => {
    const now = clock.now();
    alarms.set(`grace ${key}`, now + config.timers.detachGraceMs, () =>
      inBackground(aftermath.commit((scene) => graceOver(scene, key))),
    );
    alarms.set(`mailbox ${key}`, now + config.timers.mailboxKeptMs, () => inBackground(dropMailbox(key)));
  };

  const leave = async (key: string, why: Leaving, life?: Life) => {
    const hasLeft = await aftermath.commit(async (scene) => {
      if (await isLate(scene, key, life)) return false;
      await leaveForGood(scene, key, why);
      return true;
    });
    if (!hasLeft) return;
    clearAlarms(key);
    aftermath.presence.detached(userOfKey(key), key, true);
    aftermath.presence.forget(key);
    const stream = streams.find(key);
    if (stream) streams.remove(stream);
    const reason = why === "revoked" ? ErrorCode.TOKEN_REVOKED : ErrorCode.UNSPECIFIED;
    stream?.finish(goAway(GoAway_Action.STOP, reason));
    logger.info(why === "revoked" ? "endpoint revoked" : "endpoint signed out", { user: userOfKey(key) });
  };

  return {
    async detach(key, { intent, life: leaving }) {
      const life = leaving && readLife(leaving);
      if (intent === DetachRequest_Intent.SIGN_OUT) return await leave(key, "signed-out", life);
      const isGone = await aftermath.commit(
        async (scene) => !(await isLate(scene, key, life)) && (await pageGone(scene, key)),
      );
      if (!isGone) return;
      streams.find(key)?.finish(goAway(GoAway_Action.RESUME, ErrorCode.UNSPECIFIED));
    },
    async revoke(user) {
      const endpoints = await aftermath.commit(
        async ({ transaction }) => (await transaction.get(userKey(user)))?.endpoints ?? [],
      );
      await Promise.all(endpoints.map(({ key }) => leave(key, "revoked")));
    },
    async streamClosed(key, generation) {
      if (!(await aftermath.commit((scene) => streamClosed(scene, key, generation)))) return;
      armAlarms(key);
      aftermath.presence.detached(userOfKey(key), key, false);
      logger.info("endpoint detached", { user: userOfKey(key) });
    },
    attached: clearAlarms,
    evicted(key) {
      clearAlarms(key);
      aftermath.presence.forget(key);
    },
    close: () => alarms.close(),
  };
}

async function isLate({ transaction }: Scene, key: string, leaving: Life | undefined): Promise<boolean> {
  return isOvertaken((await transaction.get(sessionKey(key)))?.life, leaving);
}
