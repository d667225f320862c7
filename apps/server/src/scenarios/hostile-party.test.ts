import { create } from "@bufbuild/protobuf";
import {
  CallPhase,
  type CommandResult,
  CommandSchema,
  DescriptionSchema,
  EndReason,
  ErrorCode,
} from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bystanders, type Look, openBystanders } from "../fuzz/bystanders.ts";
import { accept, alerting, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";
import { active, outcome, over } from "../testing/outage.ts";

let harness: Harness;
let others: Bystanders;
let before: readonly Look[];
let mallory: TestEndpoint;
let carl: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  harness = await startHarness();
  others = await openBystanders(harness);
  await others.look();
  before = await others.look();
  mallory = await harness.open("mallory");
  carl = await harness.open("carl");
});
/** Whatever was tried: the two others heard nothing of it, their call is as it was, and they go on talking. */
afterEach(async () => {
  expect(await others.look()).toEqual(before);
  await others.talk();
  await harness.close();
});

const malloryTalks = async () => {
  await mallory.run(invite(callId, "carl"));
  return await carl.run(accept(callId));
};
const sdp = (value: string) => ({ case: "sdp" as const, value });
const description = (id: Uint8Array, more: object = {}): Action => ({
  case: "description",
  value: create(DescriptionSchema, { callId: id, type: 1, offerNumber: 2, body: sdp("x"), ...more }),
});
const relay = (id: Uint8Array, more: object = {}): Action => ({
  case: "relay",
  value: { callId: id, messageId: newCallId(), extension: { type: "acme.com/x" }, ...more },
});
const signals: Record<string, (id: Uint8Array) => Action> = {
  candidates: (id) => candidates(id, 1),
  description,
  mediaState: (id) => ({ case: "mediaState", value: { callId: id, revision: 99, onHold: true } }),
  relay,
  alerting,
  accept,
  end,
  invite: (id) => invite(id, "carl"),
};
const refused = ({ applied, error, state, ticket }: CommandResult) => [
  applied,
  error?.code,
  state,
  ticket.length,
];

describe("who is no party of a call", () => {
  test.each(Object.keys(signals).filter((name) => name !== "invite"))(
    "gets for %s the same refusal as for a call that does not exist",
    async (name) => {
      const make = signals[name] ?? end;
      const foreign = await mallory.run(make(others.callId));
      const unknown = await mallory.run(make(newCallId()));
      expect(refused(foreign)).toEqual([false, ErrorCode.NO_SUCH_CALL, undefined, 0]);
      expect(foreign.error).toEqual(unknown.error);
    },
  );

  test("cannot ring another with the id of that call, nor take its place", async () => {
    expect(refused(await mallory.run(invite(others.callId, "carl")))).toEqual([
      false,
      ErrorCode.NO_SUCH_CALL,
      undefined,
      0,
    ]);
    expect(await heard(carl)).toEqual([]);
    const placed = await mallory.run(invite(callId, "carl", { replacesCall: others.callId }));
    expect([placed.applied, await heard(carl)]).toEqual([true, ["incoming"]]);
  });

  test.each([
    ["a stranger says so: it ends", () => mallory, []],
    ["its caller says so: it lives", () => carl, [CallPhase.ACTIVE]],
  ] as const)(
    "a call whose parties are cut off lives on the word of a party only; %s",
    async (_, who, phases) => {
      const dora = await harness.open("dora");
      await carl.run(invite(callId, "dora"));
      await dora.run(accept(callId));
      dora.cut();
      carl.cut();
      await harness.logged("endpoint detached", 2);
      const heartbeat = { calls: [{ callId, mediaAlive: true }] };
      for (let passedMs = 0; passedMs < 90_000; passedMs += 10_000) {
        await harness.clock.advance(10_000);
        await who().sendRaw([], { heartbeat });
        await others.live();
      }
      expect((await carl.reopen()).snapshot?.calls.map(({ phase }) => phase)).toEqual(phases);
    },
  );

  test("101: has no use for the ticket of that call, stolen, changed or for another call", async () => {
    const { ticket } = await malloryTalks();
    await carl.run(end(callId));
    const changed = others.ticket.slice();
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    const reattach = (bytes: Uint8Array, id = others.callId): Action => ({
      case: "reattach",
      value: { ticket: bytes, callId: id },
    });
    const tries = [
      reattach(others.ticket),
      reattach(changed),
      reattach(ticket),
      reattach(others.ticket, callId),
      end(others.callId, { ticket: others.ticket }),
      end(others.callId, { ticket }),
      end(newCallId(), { ticket: others.ticket }),
    ];
    const results = await mallory.send(...tries);
    expect(results.map(refused)).toEqual(tries.map(() => [false, ErrorCode.BAD_TICKET, undefined, 0]));
    expect(outcome(await mallory.run(reattach(ticket, callId)))).toEqual(over(EndReason.HANGUP));
  });
});

describe("who is a party", () => {
  test("speaks for itself: a forged party or user is overwritten", async () => {
    const [adas] = before[0]?.calls ?? [];
    await malloryTalks();
    const fromParty = adas?.localParty ?? new Uint8Array();
    const own = (await mallory.run(candidates(callId, 1, { fromParty }))).state?.localParty;
    await mallory.run(description(callId, { fromParty }));
    await mallory.run({ case: "mediaState", value: { callId, revision: 1, fromParty } });
    await mallory.run(relay(callId, { fromParty, fromUser: "ada" }));
    expect((await carl.event("candidates")).fromParty).toEqual(own);
    expect((await carl.event("description")).fromParty).toEqual(own);
    expect((await carl.event("mediaState")).fromParty).toEqual(own);
    expect(await carl.event("relay")).toMatchObject({ fromParty: own, fromUser: "mallory" });
    expect(own).not.toEqual(fromParty);
  });

  test("a command under a number that ran before does not run, whatever it is", async () => {
    await malloryTalks();
    const first = await mallory.run(candidates(callId, 1));
    const again = create(CommandSchema, { clientSeq: first.clientSeq, action: end(callId) });
    expect((await mallory.sendRaw([again])).results).toEqual([first]);
    expect(outcome(await carl.run(candidates(callId, 1)))).toEqual(active);
    expect(await heard(carl)).toEqual(["incoming", "accepted", "candidates"]);
  });

  test("a description of 64 KiB passes, one of a byte more names the field", async () => {
    await malloryTalks();
    await mallory.run(description(callId, { body: sdp("x".repeat(65_536)) }));
    expect((await carl.event("description")).body.value).toHaveLength(65_536);
    const tooLong = mallory.sendRaw([
      create(CommandSchema, {
        clientSeq: mallory.nextSeq(),
        action: description(callId, { body: sdp("x".repeat(65_537)) }),
      }),
    ]);
    await expect(tooLong).rejects.toThrow("commands[0].description.sdp");
    expect(await heard(carl)).toEqual(["incoming", "accepted", "description"]);
  });

  test("of 10,000 candidates the other party hears the first 256", async () => {
    await malloryTalks();
    const codes: (ErrorCode | undefined)[] = [];
    for (let sent = 0; sent < 10_000; sent += 50) {
      codes.push((await mallory.run(candidates(callId, 50, { firstIndex: sent }))).error?.code);
    }
    expect(codes).toEqual(codes.map((_, message) => (message < 5 ? undefined : ErrorCode.TOO_LARGE)));
    expect(await heard(carl)).toEqual(["incoming", "accepted", ...Array(5).fill("candidates")]);
  });

  test("of 10,000 candidates under ever new ufrags the server keeps those of the last two", async () => {
    await malloryTalks();
    for (let sent = 0; sent < 10_000; sent += 50) {
      await mallory.run(candidates(callId, 50, { firstIndex: 0, ufrag: `${sent}` }));
      await carl.event("candidates");
    }
    const [state] = (await carl.reopen()).snapshot?.calls ?? [];
    expect(state?.candidates.map(({ ufrag }) => ufrag)).toEqual(["9900", "9950"]);
  });

  test("16: an Accept after the end is told how the call ended, and nobody hears it", async () => {
    await malloryTalks();
    await mallory.run(end(callId));
    const rung = [await heard(mallory), await heard(carl)];
    expect(outcome(await carl.run(accept(callId)))).toEqual(over(EndReason.HANGUP));
    expect(outcome(await mallory.run(accept(callId)))).toEqual(over(EndReason.HANGUP));
    expect([await heard(mallory), await heard(carl)]).toEqual(rung);
  });

  test("an old offer number is relayed as it is: dropping it is the receiver's part", async () => {
    await malloryTalks();
    for (const offerNumber of [7, 2])
      await mallory.run(description(callId, { offerNumber, pcGeneration: 1 }));
    expect((await carl.event("description")).offerNumber).toBe(7);
    expect((await carl.event("description")).offerNumber).toBe(2);
  });
});
