import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { CommandSchema, ErrorCode, ErrorSchema } from "@peerline/protocol";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accept, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { Action, TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
const callId = newCallId();

async function start(options = {}) {
  harness = await startHarness(options);
  ada = await harness.open("ada");
  bob = await harness.open("bob");
}
beforeEach(() => start());
afterEach(() => harness.close());

const command = (seq: bigint, action: Action) => create(CommandSchema, { clientSeq: seq, action });
const refusal = async (sending: Promise<unknown>) => {
  const error = ConnectError.from(await sending.catch((reason: unknown) => reason));
  return { code: error.code, detail: error.findDetails(ErrorSchema)[0] };
};

test("a replayed batch gives the same results and runs once", async () => {
  const batch = [command(1n, invite(callId, "bob")), command(2n, candidates(callId, 2))];
  const first = await ada.sendRaw(batch);
  const second = await ada.sendRaw(batch);
  expect(second.results).toEqual(first.results);
  expect(first.results.map(({ applied }) => applied)).toEqual([true, true]);
  const { topOffset } = await bob.sendRaw([]);
  expect(topOffset).toBe(2n);
});

test("two identical batches at once run once", async () => {
  const batch = [command(1n, invite(callId, "bob")), command(2n, candidates(callId, 1))];
  const [first, second] = await Promise.all([ada.sendRaw(batch), ada.sendRaw(batch)]);
  expect(second.results).toEqual(first.results);
  expect((await bob.sendRaw([])).topOffset).toBe(2n);
});

test("a gap is refused with the expected number", async () => {
  const { code, detail } = await refusal(ada.sendRaw([command(3n, end(callId))]));
  expect(code).toBe(Code.OutOfRange);
  expect(detail).toMatchObject({ code: ErrorCode.OUT_OF_ORDER, expectedSeq: 1n });
});

test("a gap within a batch runs what is before it and nothing after it", async () => {
  const batch = [command(1n, invite(callId, "bob")), command(3n, end(callId)), command(4n, end(callId))];
  const { results } = await ada.sendRaw(batch);
  expect(results.map(({ clientSeq }) => clientSeq)).toEqual([1n]);
  expect((await ada.reopen()).snapshot?.calls).toHaveLength(1);
});

test("an unknown epoch and an unknown endpoint have lost their session", async () => {
  const other = await refusal(ada.sendRaw([], { epoch: new Uint8Array(8) }));
  expect([other.code, other.detail?.code]).toEqual([Code.FailedPrecondition, ErrorCode.SESSION_LOST]);
  const headers = { Authorization: `Bearer ${ada.token}` };
  const stranger = ada.client.send({ endpointId: newCallId(), epoch: ada.hello().epoch }, { headers });
  expect((await refusal(stranger)).detail?.code).toBe(ErrorCode.SESSION_LOST);
});

test("the last 256 results are kept, older commands have lost their session", async () => {
  await ada.run(invite(callId, "bob"));
  for (let i = 0; i < 8; i++) {
    await ada.send(
      ...Array.from({ length: 32 }, (_, j) => candidates(callId, 0, { firstIndex: i * 32 + j })),
    );
  }
  const { detail } = await refusal(ada.sendRaw([command(1n, invite(callId, "bob"))]));
  expect(detail?.code).toBe(ErrorCode.SESSION_LOST);
  expect((await ada.sendRaw([command(2n, candidates(callId, 0))])).results[0]?.applied).toBe(true);
});

test("Hello tells the highest executed number, so that a client knows what to send again", async () => {
  await ada.run(invite(callId, "bob"));
  const { epoch } = ada.hello();
  expect((await ada.reopen({ resume: { epoch, offset: 0n } })).lastClientSeq).toBe(1n);
});

test("an unknown command and a forged ticket are refused one by one, the rest runs", async () => {
  const results = await ada.send(
    { case: undefined },
    { case: "reattach", value: { ticket: new Uint8Array(4), callId } },
    invite(callId, "bob"),
  );
  expect(results.map(({ error }) => error?.code)).toEqual([
    ErrorCode.UNIMPLEMENTED,
    ErrorCode.BAD_TICKET,
    undefined,
  ]);
});

test("too many commands wait, an End never does", async () => {
  await harness.close();
  await start({ limits: { commands: { perSecond: 1, burst: 2 } } });
  await ada.send(invite(callId, "bob"), candidates(callId, 1));
  const { code, detail } = await refusal(ada.sendRaw([command(3n, candidates(callId, 1))]));
  expect([code, detail?.code, detail?.retryAfter?.seconds]).toEqual([
    Code.ResourceExhausted,
    ErrorCode.RATE_LIMITED,
    1n,
  ]);
  const mixed = await ada.sendRaw([command(3n, candidates(callId, 1)), command(4n, end(callId))]);
  expect(mixed.results.map((result) => result.error?.code)).toEqual([ErrorCode.RATE_LIMITED, undefined]);
  expect(mixed.results[1]?.applied).toBe(true);
});

test("too many calls wait; calls that are answered do not count as unanswered", async () => {
  await harness.close();
  await start({ limits: { unanswered: { perSecond: 0.001, burst: 1 } } });
  for (let round = 0; round < 3; round++) {
    const id = newCallId();
    expect((await ada.run(invite(id, "bob"))).error).toBeUndefined();
    await bob.run(accept(id));
    await ada.run(end(id));
  }
  const missed = newCallId();
  await ada.send(invite(missed, "bob"), end(missed));
  expect((await ada.run(invite(newCallId(), "bob"))).error?.code).toBe(ErrorCode.RATE_LIMITED);
});
