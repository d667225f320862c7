import { create } from "@bufbuild/protobuf";
import { CallPhase, CommandSchema, ErrorCode, EndReason as WireEndReason } from "@peerline/protocol";
import { describe, expect, test } from "vitest";
import type { CallCommand } from "../call/effects.ts";
import { sampleAnswer, sampleCandidates, sampleOffer } from "../docs/call-samples.ts";
import type { CommandAction } from "../ports.ts";
import { fromCandidates, fromDescription } from "../wire/inbound.ts";
import { toAction } from "../wire/outbound.ts";
import { createExchange, type ExchangeEndpoint } from "./exchange.ts";
import { virtualClock } from "./virtual-clock.ts";

const callId = "0a".repeat(16);
const invite: CallCommand = { type: "invite", callee: "ben", kind: "video", offer: sampleOffer };
const accept: CallCommand = { type: "accept", kind: "audio", answer: sampleAnswer };

function twoUsers() {
  const clock = virtualClock();
  const exchange = createExchange({ clock });
  const ana = exchange.attach({ user: "ana" });
  const ben = exchange.attach({ user: "ben" });
  const epochs = { ana: ana.open().epoch, ben: ben.open().epoch };
  return { clock, exchange, ana, ben, epochs };
}

function commandsOf(from: number, ...actions: readonly CommandAction[]) {
  return actions.map((action, i) => create(CommandSchema, { clientSeq: BigInt(from + i), action }));
}

const act = (command: CallCommand) => toAction(callId, command);
const casesOf = (endpoint: ExchangeEndpoint) => endpoint.read(0).map(({ body }) => body.case);

describe("the exchange", () => {
  test("numbers each mailbox's events from 1, and tells the listener of each", () => {
    const { ana, ben, epochs } = twoUsers();
    const heard: bigint[] = [];
    ben.listen(({ offset }) => void heard.push(offset));
    ana.send(
      epochs.ana,
      commandsOf(1, act(invite), act({ type: "candidates", candidates: sampleCandidates })),
    );
    expect(casesOf(ben)).toEqual(["incoming", "candidates"]);
    expect([heard, ben.top(), ben.read(1).map(({ offset }) => offset)]).toEqual([[1n, 2n], 2, [2n]]);
  });

  test("executes a command once, and repeats its result", () => {
    const { ana, ben, epochs } = twoUsers();
    const [command] = commandsOf(1, act(invite));
    if (!command) throw new Error("one command");
    const first = ana.send(epochs.ana, [command]);
    expect(ana.send(epochs.ana, [command])).toEqual(first);
    expect([first?.[0]?.applied, ben.top()]).toEqual([true, 1]);
  });

  test("refuses a number that leaves a gap, and an epoch that is over", () => {
    const { ana, epochs } = twoUsers();
    const error = ana.send(epochs.ana, commandsOf(2, act(invite)))?.[0]?.error;
    expect([error?.code, error?.expectedSeq]).toEqual([ErrorCode.OUT_OF_ORDER, 1n]);
    ana.forget();
    expect(ana.send(epochs.ana, commandsOf(1, act(invite)))).toBeUndefined();
  });

  test("passes descriptions and candidates on unread", () => {
    const { ana, ben, epochs } = twoUsers();
    ana.send(epochs.ana, commandsOf(1, act(invite)));
    ben.send(
      epochs.ben,
      commandsOf(1, act(accept), act({ type: "candidates", candidates: sampleCandidates })),
    );
    const [accepted, trickled] = ana.read(0);
    expect(accepted?.body.case === "accepted" && fromDescription(accepted.body.value.answer)).toEqual(
      sampleAnswer,
    );
    expect(trickled?.body.case === "candidates" && fromCandidates(trickled.body.value)).toEqual(
      sampleCandidates,
    );
  });

  test("resumes at a cursor; any other gets the whole truth", () => {
    const { ana, ben, epochs } = twoUsers();
    ana.send(epochs.ana, commandsOf(1, act(invite)));
    expect(ben.open({ epoch: epochs.ben, offset: 0 })).toMatchObject({
      resumed: true,
      snapshot: undefined,
      top: 1,
    });
    const ahead = ben.open({ epoch: epochs.ben, offset: 2 });
    expect([ahead.resumed, ahead.snapshot?.calls.map(({ phase }) => phase)]).toEqual([
      false,
      [CallPhase.RINGING],
    ]);
    ben.forget();
    const fresh = ben.open({ epoch: epochs.ben, offset: 1 });
    expect([fresh.resumed, fresh.epoch === epochs.ben, fresh.top]).toEqual([false, false, 0]);
  });

  test("ends a ring at its deadline on the clock", () => {
    const { clock, exchange, ana, ben, epochs } = twoUsers();
    ana.send(epochs.ana, commandsOf(1, act(invite)));
    ben.send(epochs.ben, commandsOf(1, act({ type: "alerting" })));
    clock.advanceBy(59_999);
    expect(exchange.record(callId)?.phase).toBe("ringing");
    clock.advanceBy(1);
    expect(exchange.record(callId)?.reason).toBe("no-answer");
    expect([casesOf(ana).at(-1), casesOf(ben).at(-1), clock.pending()]).toEqual(["ended", "ended", 0]);
  });

  test("row 1: the Invite that crosses a ringing call is answered with that call", () => {
    const { exchange, ana, ben, epochs } = twoUsers();
    ana.send(epochs.ana, commandsOf(1, act(invite)));
    const crossing = toAction("0b".repeat(16), { ...invite, callee: "ana" });
    const [result] = ben.send(epochs.ben, commandsOf(1, crossing)) ?? [];
    expect([result?.applied, result?.state?.endReason, result?.state?.rev]).toEqual([
      false,
      WireEndReason.GLARE,
      1n,
    ]);
    expect(exchange.records().length).toBe(1);
  });

  test("row 22: an endpoint that opens while it rings is rung", () => {
    const { exchange, ana, epochs } = twoUsers();
    ana.send(
      epochs.ana,
      commandsOf(1, act(invite), act({ type: "candidates", candidates: sampleCandidates })),
    );
    const second = exchange.attach({ user: "ben" });
    second.open();
    const [incoming] = second.read(0);
    const call = incoming?.body.case === "incoming" ? incoming.body.value.call : undefined;
    expect(call?.candidates.map(fromCandidates)).toEqual([sampleCandidates]);
  });

  test("an endpoint that only places calls is not rung, and nobody is unreachable", () => {
    const clock = virtualClock();
    const exchange = createExchange({ clock });
    const ana = exchange.attach({ user: "ana" });
    exchange.attach({ user: "ben", takesCalls: false }).open();
    const [result] = ana.send(ana.open().epoch, commandsOf(1, act(invite))) ?? [];
    expect(result?.state?.endReason).toBe(WireEndReason.UNREACHABLE);
  });

  test("forgets everything at once: calls, mailboxes, and the deadlines", () => {
    const { clock, exchange, ana, epochs } = twoUsers();
    ana.send(epochs.ana, commandsOf(1, act(invite)));
    exchange.forget();
    expect([exchange.records(), clock.pending(), ana.send(epochs.ana, [])]).toEqual([[], 0, undefined]);
  });
});
