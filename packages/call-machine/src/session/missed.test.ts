import { describe, expect, test } from "vitest";
import { ids, incomingCall, remotes } from "../docs/session-samples.ts";
import type { EndReason } from "../types.ts";
import { onIncoming, onMissed } from "./arrival.ts";
import { initialSession, type LineEntry, maxTombstones, type SessionContext } from "./context.ts";
import { waitForEnd } from "./missed.ts";
import { onSignalled } from "./signalled.ts";
import { onSynced } from "./synced.ts";

const theirs: LineEntry = { callId: ids.theirs, role: "callee", remote: remotes.ben, kind: "video" };
const toEve: LineEntry = { callId: ids.own, role: "caller", remote: remotes.eve, kind: "audio" };
const toBen: LineEntry = { ...toEve, remote: remotes.ben, standing: "known" };

function line(changes: Partial<SessionContext> = {}): SessionContext {
  return { ...initialSession({ user: "ana" }), replaying: false, ...changes };
}

const turnedAway = (endReason: EndReason = "busy") => incomingCall({ phase: "ended", endReason });

describe("the server turned someone away", () => {
  test("18: B talks, a call that did not ring is in the history as missed", () => {
    expect(onMissed(line({ calls: [toEve] }), turnedAway())).toEqual({
      calls: [toEve],
      effects: [{ type: "call.missed", call: theirs, reason: "busy", by: "server" }],
    });
  });

  test.each([
    ["the person is on the line with the very user who called", { calls: [toBen] }, turnedAway()],
    ["the call is on the line", { calls: [{ ...theirs, remote: remotes.eve }] }, turnedAway()],
    [
      "the call is over here already",
      { tombstones: [{ callId: ids.theirs, by: "me" as const }] },
      turnedAway(),
    ],
    ["someone else took it", {}, turnedAway("answered-elsewhere")],
    ["it was an own call", {}, { ...turnedAway(), role: "caller" as const }],
  ])("changes nothing when %s", (_, changes, call) => {
    expect(onMissed(line(changes), call).effects).toEqual([]);
  });
});

describe("a call that came too late to ring here", () => {
  const ended = (reason: EndReason) => ({ type: "remote.ended", rev: 2, reason, by: "server" }) as const;
  const passed = line({ unrung: [theirs] });

  test("31: is missed once it has ended unanswered", () => {
    expect(onSignalled(passed, ids.theirs, ended("no-answer"))).toEqual({
      calls: [],
      effects: [{ type: "call.missed", call: theirs, reason: "no-answer", by: "server" }],
      unrung: [],
    });
  });

  test.each<EndReason>(["answered-elsewhere", "declined-elsewhere"])("is not when it was %s", (reason) => {
    expect(onSignalled(passed, ids.theirs, ended(reason))).toEqual({ calls: [], effects: [], unrung: [] });
  });

  test("waits for its end alone", () => {
    const description = { type: "remote.reachability", reachable: true } as const;
    expect(onSignalled(passed, ids.theirs, description)).toEqual({ calls: [], effects: [] });
    expect(onSignalled(passed, ids.other, ended("no-answer"))).toEqual({ calls: [], effects: [] });
  });

  test("is remembered from a snapshot too, among few", () => {
    const late = incomingCall({ ringRemainingMs: 1 });
    expect(onSynced(line(), [late]).unrung).toEqual([theirs]);
    expect(onIncoming(line({ unrung: [theirs] }), late).unrung).toEqual([theirs]);
    const many = Array.from({ length: maxTombstones }, (_, index) => ({ ...theirs, callId: `${index}` }));
    expect(waitForEnd({ unrung: many }, theirs)).toEqual([theirs, ...many.slice(0, -1)]);
  });
});
