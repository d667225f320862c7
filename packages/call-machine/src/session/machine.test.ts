import { describe, expect, test } from "vitest";
import { ids, incomingCall, remotes, startLine, stepLine } from "../docs/session-samples.ts";
import { defaultTimers } from "../types.ts";
import type { SessionInput } from "./context.ts";
import type { SessionEvent } from "./events.ts";

function after(input: Partial<SessionInput>, ...events: readonly SessionEvent[]) {
  let [snapshot, effects] = startLine(input);
  for (const event of events) [snapshot, effects] = stepLine(snapshot, event);
  return { snapshot, effects };
}

const opened: SessionEvent = { type: "link.opened", timers: {} };
const caughtUp: SessionEvent = { type: "link.caughtUp" };
const interrupted: SessionEvent = {
  type: "link.interrupted",
  trouble: { code: "unreachable", text: "a reason", retryAt: 1_000 },
};
const stopped: SessionEvent = {
  type: "link.stopped",
  code: "signed-out",
  trouble: { code: "signed-out", text: "sign in again" },
};
const dial: SessionEvent = { type: "user.dial", callId: ids.own, callee: remotes.ben, kind: "video" };
const incoming: SessionEvent = { type: "remote.incoming", call: incomingCall() };

describe("the link", () => {
  test("goes from connecting to online, is interrupted, and comes back", () => {
    expect(after({}).snapshot.value).toBe("connecting");
    expect(after({}, opened).snapshot.value).toBe("online");
    expect(after({}, opened, interrupted).snapshot.value).toBe("interrupted");
    expect(after({}, opened, interrupted, opened).snapshot.value).toBe("online");
  });

  test("has a trouble from the first failure on, the latest one, until it is up", () => {
    const later: SessionEvent = {
      type: "link.interrupted",
      trouble: { code: "offline", text: "another reason" },
    };
    const troubles = [[], [interrupted], [interrupted, later], [interrupted, opened]].map(
      (events) => after({}, ...events).snapshot.context.trouble,
    );
    expect(troubles).toEqual([
      undefined,
      { code: "unreachable", text: "a reason", retryAt: 1_000 },
      { code: "offline", text: "another reason" },
      undefined,
    ]);
  });

  test("that stopped keeps its first reason", () => {
    const again: SessionEvent = {
      type: "link.stopped",
      code: "closed",
      trouble: { code: "closed", text: "by this side" },
    };
    expect(after({}, stopped, again).snapshot.context).toMatchObject({
      stopped: { code: "signed-out", text: "sign in again" },
      trouble: { code: "signed-out", text: "sign in again" },
    });
  });

  test("that stopped stays so, says why, and takes no call", () => {
    const { snapshot } = after({}, opened, stopped, opened, dial, incoming);
    expect([snapshot.value, snapshot.context.stopped, snapshot.context.calls]).toEqual([
      "stopped",
      { code: "signed-out", text: "sign in again" },
      [],
    ]);
  });

  test("brings the server's timers to the calls that start from then on", () => {
    const { effects } = after(
      { timers: { connectMs: 1 } },
      { type: "link.opened", timers: { recoverMs: 2 } },
      dial,
    );
    expect(effects).toEqual([
      {
        type: "call.start",
        input: {
          callId: ids.own,
          role: "caller",
          remote: remotes.ben,
          kind: "video",
          timers: { ...defaultTimers, connectMs: 1, recoverMs: 2 },
        },
      },
    ]);
  });

  test("24: every call is told when all that was missed is applied", () => {
    const both = after({ capacity: 2 }, opened, incoming, dial, caughtUp);
    const told = [ids.theirs, ids.own].map((callId) => ({
      type: "call.deliver",
      callId,
      event: { type: "server.caughtUp" },
    }));
    expect(both.effects).toEqual(told);
    expect(both.snapshot.context.replaying).toBe(false);
    expect(after({}, opened, caughtUp, interrupted, opened).snapshot.context.replaying).toBe(true);
  });

  test("signing out ends the session through its port", () => {
    expect(after({}, opened, { type: "user.signOut" }).effects).toEqual([{ type: "link.stop" }]);
  });
});

describe("the line", () => {
  test("takes a dial before the first hello: its commands wait in the session", () => {
    expect(after({}, dial).snapshot.context.calls.map(({ callId }) => callId)).toEqual([ids.own]);
  });

  test("ignores a dial without room, and one with the id of a call that it has", () => {
    const second: SessionEvent = { ...dial, callId: ids.other };
    expect(after({}, opened, dial, second).effects).toEqual([]);
    expect(after({ capacity: 2 }, opened, dial, dial).effects).toEqual([]);
    expect(after({ capacity: 2 }, opened, dial, second).snapshot.context.calls.length).toBe(2);
  });

  test("is free again when its call has ended", () => {
    const output = {
      callId: ids.own,
      reason: "busy",
      by: "server",
      liveSince: undefined,
      interruptions: 0,
    } as const;
    const second: SessionEvent = { ...dial, callId: ids.other };
    const { snapshot } = after({}, opened, dial, { type: "call.finished", output }, second);
    expect(snapshot.context.calls.map(({ callId }) => callId)).toEqual([ids.other]);
  });

  test("is asked for effects with the calls as they were, and then changed", () => {
    const { snapshot, effects } = after({}, opened, caughtUp, dial, incoming);
    expect(effects.map(({ type }) => type)).toEqual(["call.start", "call.deliver", "signal"]);
    expect(snapshot.context.calls.map(({ callId }) => callId)).toEqual([ids.theirs]);
  });
});
