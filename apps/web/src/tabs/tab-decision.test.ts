import { describe, expect, test } from "vitest";
import { decideTab, type TabEffect, type TabInput, type TabMessage, type TabState } from "./tab-decision.ts";

const joining: TabState = { phase: "joining", returns: false };
const returning: TabState = { phase: "joining", returns: true };
const standby: TabState = { phase: "standby", leaderBusy: undefined };
const standbyOfIdle: TabState = { phase: "standby", leaderBusy: false };
const standbyOfBusy: TabState = { phase: "standby", leaderBusy: true };
const idle: TabState = { phase: "leading", busy: false };
const inCall: TabState = { phase: "leading", busy: true };
const left: TabState = { phase: "left" };

const post = (message: TabMessage): TabEffect => ({ type: "post", message });
const message = (said: TabMessage): TabInput => ({ type: "message", message: said });
const whoLeads: TabMessage = { type: "who-leads" };
const leading = (busy: boolean): TabMessage => ({ type: "leading", busy });
const signedOut: TabMessage = { type: "signed-out" };

type Row = readonly [string, TabState, TabInput, TabState, readonly TabEffect[]];

const rows: readonly Row[] = [
  ["the first tab leads", joining, { type: "lock.granted" }, idle, [{ type: "open" }, post(leading(false))]],
  [
    "another tab stands by and asks",
    joining,
    { type: "lock.taken" },
    standby,
    [{ type: "queue" }, post(whoLeads)],
  ],
  ["a reloaded leader leads again", returning, { type: "lock.taken" }, standby, [{ type: "steal" }]],
  [
    "a standby tab leads once the leader is gone",
    standbyOfBusy,
    { type: "lock.granted" },
    idle,
    [{ type: "open" }, post(leading(false))],
  ],
  ["a lock that comes twice is one", inCall, { type: "lock.granted" }, inCall, []],
  ["a standby tab that has no lock loses none", standby, { type: "lock.lost" }, standby, []],
  [
    "an idle leader gives way",
    idle,
    { type: "lock.lost" },
    standby,
    [{ type: "close" }, { type: "queue" }, post(whoLeads)],
  ],
  [
    "a leader in a call takes the lock back",
    inCall,
    { type: "lock.lost" },
    inCall,
    [{ type: "steal" }, post(leading(true))],
  ],
  [
    "a person takes over from an idle leader",
    standbyOfIdle,
    { type: "take-over" },
    standbyOfIdle,
    [{ type: "steal" }],
  ],
  [
    "a person takes over from a leader that does not answer",
    standby,
    { type: "take-over" },
    standby,
    [{ type: "steal" }],
  ],
  ["a person cannot take over from a call", standbyOfBusy, { type: "take-over" }, standbyOfBusy, []],
  ["a leader has nothing to take over", idle, { type: "take-over" }, idle, []],
  ["a call is told to the others", idle, { type: "busy", busy: true }, inCall, [post(leading(true))]],
  [
    "the end of a call is told to the others",
    inCall,
    { type: "busy", busy: false },
    idle,
    [post(leading(false))],
  ],
  ["what has not changed is not told", inCall, { type: "busy", busy: true }, inCall, []],
  ["a tab without a session has no call", standby, { type: "busy", busy: true }, standby, []],
  ["a leader answers who leads", inCall, message(whoLeads), inCall, [post(leading(true))]],
  ["a standby tab does not answer for the leader", standby, message(whoLeads), standby, []],
  ["a standby tab notes a call of the leader", standby, message(leading(true)), standbyOfBusy, []],
  ["a standby tab notes the end of that call", standbyOfBusy, message(leading(false)), standbyOfIdle, []],
  ["a leader does not listen to another one", idle, message(leading(true)), idle, []],
  [
    "signing out is told to all",
    inCall,
    { type: "sign-out" },
    left,
    [post(signedOut), { type: "signed-out" }],
  ],
  [
    "signing out is possible in a standby tab",
    standbyOfBusy,
    { type: "sign-out" },
    left,
    [post(signedOut), { type: "signed-out" }],
  ],
  ["a leader is signed out by another tab", inCall, message(signedOut), left, [{ type: "signed-out" }]],
  ["a standby tab is signed out by another tab", standby, message(signedOut), left, [{ type: "signed-out" }]],
  ["a lock that comes after the sign-out opens nothing", left, { type: "lock.granted" }, left, []],
  ["a tab is signed out once", left, message(signedOut), left, []],
];

describe("which tab of a person leads", () => {
  test.each(rows)("%s", (_, state, input, next, effects) => {
    expect(decideTab(state, input)).toEqual([next, effects]);
  });
});
