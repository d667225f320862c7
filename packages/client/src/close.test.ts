import type { Clock } from "@peerline/call-machine";
import { startServer } from "@peerline/server";
import { describe, expect, test } from "vitest";
import { systemClock } from "./clock.ts";
import type { Peerline } from "./peerline.ts";
import { nodePeerline, until } from "./testing/node-peerline.ts";
import { isLive, isOnline, isRung, peopleOnServer } from "./testing/people.ts";

const { online, inCall } = peopleOnServer(() => startServer({ dev: true, port: 0 }));

/** The platform's clock, which counts the timers that wait. */
function countingClock(): Clock & { waiting(): number } {
  const clock = systemClock();
  const timers = new Set<object>();
  return {
    now: clock.now,
    setTimer(at, run) {
      const timer = {};
      timers.add(timer);
      const cancel = clock.setTimer(at, () => {
        timers.delete(timer);
        run();
      });
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
    waiting: () => timers.size,
  };
}

/** Everything that may be called at any time. */
function useAll(peerline: Peerline): void {
  peerline.accept();
  peerline.decline();
  peerline.hangUp();
  peerline.silence();
  peerline.setMicrophone(false);
  peerline.setCamera(true);
  peerline.setHold(true);
  peerline.sendTracks({});
  peerline.dismiss();
  peerline.markSeen([]);
  peerline.wake();
  peerline.networkChanged();
  peerline.setOnline(false);
  peerline.setOnline(true);
  peerline.close();
  peerline.close("page-gone");
  expect(peerline.sendChat("too late")).toBe(false);
}

const stopped = {
  link: "stopped",
  stopped: { code: "closed", text: expect.any(String) },
  trouble: { code: "closed", text: expect.any(String) },
  calls: [],
};

describe("a Peerline that was closed is stopped, and stays so", () => {
  test("before it was online", async () => {
    const clock = countingClock();
    const peerline = nodePeerline("http://127.0.0.1:1", "ana", { clock });
    peerline.close();
    useAll(peerline);
    expect([peerline.view(), clock.waiting()]).toMatchObject([stopped, 0]);
  });

  test("while it waits for a token that never comes", async () => {
    const clock = countingClock();
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const { promise: token, resolve: bring } = Promise.withResolvers<{ token: string }>();
    const getToken = () => {
      resolve();
      return token;
    };
    const peerline = nodePeerline("http://127.0.0.1:1", "ana", { clock, getToken });
    await asked;
    peerline.close();
    bring({ token: "late" });
    await token;
    expect([peerline.view(), clock.waiting()]).toMatchObject([stopped, 0]);
  });

  test.each(["sign-out", "page-gone"] as const)("in a call, by %s", async (intent) => {
    const clock = countingClock();
    const ben = await online(`ben-${intent}`);
    const ana = await online(`ana-${intent}`, { clock });
    ana.dial(`ben-${intent}`, "audio");
    await until(ben, isRung);
    ben.accept();
    await until(ana, isLive);
    const seen: string[] = [];
    ana.subscribe(({ link }) => seen.push(link));
    ana.close(intent);
    await Promise.resolve();
    useAll(ana);
    expect(ana.view()).toMatchObject(stopped);
    if (intent === "sign-out") await until(ben, ({ call }) => call?.phase === "ended");
    expect([[...new Set(seen)], ana.view().link]).toEqual([["stopped"], "stopped"]);
    // The connection lets its bye leave first.
    await expect.poll(() => clock.waiting()).toBe(0);
  });

  test("by one of its subscribers, and the others hear of it", async () => {
    const ana = await online("ana-3");
    ana.subscribe(() => ana.close());
    const { promise, resolve } = Promise.withResolvers<string>();
    ana.subscribe(({ link }) => link === "stopped" && resolve(link));
    ana.dial("nobody", "data");
    expect(await promise).toBe("stopped");
  });

  test("what would be lost throws or rejects", async () => {
    const [ana] = await inCall("ana-4", "ben-4");
    const waiting = ana.ping("nobody-at-all");
    ana.close();
    const closed = { name: "PeerlineError", code: "closed" };
    await expect(waiting).rejects.toMatchObject(closed);
    await expect(ana.ping("ben-4")).rejects.toMatchObject(closed);
    expect(() => ana.dial("ben-4")).toThrow(expect.objectContaining(closed));
    expect(() =>
      ana.sendExtension({ type: "acme.com/a.v1.B", value: new Uint8Array(), to: { user: "ben-4" } }),
    ).toThrow(expect.objectContaining(closed));
  });

  test("and makes room for another one with the same endpoint", async () => {
    const endpointId = "0b".repeat(16);
    const first = await online("ana-5", { endpointId });
    first.close("page-gone");
    const second = await online("ana-5", { endpointId });
    expect([first.view().link, isOnline(second.view())]).toEqual(["stopped", true]);
  });
});
