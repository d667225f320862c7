import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  CallPhase,
  DescriptionSchema,
  DetachRequest_Intent,
  EndReason,
  ErrorCode,
  ErrorSchema,
  GoAway_Action,
  Role,
} from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accept, alerting, candidates, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";

let harness: Harness;
let ada: TestEndpoint;
let bob: TestEndpoint;
let callId: Uint8Array<ArrayBuffer>;

beforeEach(async () => {
  callId = newCallId();
  harness = await startHarness();
  ada = await harness.open("ada");
});
afterEach(() => harness.close());

const minuteMs = 60_000;
const refusal = async (sending: Promise<unknown>) => {
  const error = ConnectError.from(await sending.catch((reason: unknown) => reason));
  return [error.code, error.findDetails(ErrorSchema)[0]?.code];
};
const expired = [Code.Unauthenticated, ErrorCode.TOKEN_EXPIRED];
const beat = (endpoint: TestEndpoint) =>
  endpoint.sendRaw([], { heartbeat: { calls: [{ callId, mediaAlive: true }] } });
/** Both talk on for so long; bob's token lives longer than ada's. */
const talkFor = async (ms: number) => {
  for (let passed = 0; passed < ms; passed += 10_000) {
    await harness.clock.advance(Math.min(10_000, ms - passed));
    await beat(bob);
    await beat(ada).catch(() => {});
  }
};

describe("94: a party whose token has expired and cannot be renewed", () => {
  beforeEach(async () => {
    await harness.clock.advance(8 * minuteMs);
    bob = await harness.open("bob");
    await ada.run(invite(callId, "bob"));
    await bob.run(accept(callId));
    await ada.event("accepted");
    await talkFor(3 * minuteMs);
  });

  test("94: negotiates, proves that it lives, hears its peer and hangs up", async () => {
    await ada.run(candidates(callId, 1));
    await bob.event("candidates");
    await bob.run(candidates(callId, 2));
    expect((await ada.event("candidates")).list).toHaveLength(2);
    expect((await ada.run({ case: "mediaState", value: { callId, revision: 1 } })).applied).toBe(true);
    const body = { case: "sdp" as const, value: "restart" };
    const offer = create(DescriptionSchema, { callId, type: 1, offerNumber: 2, body });
    await ada.run({ case: "description", value: offer });
    expect((await bob.event("description")).body.value).toBe("restart");
    expect((await ada.run(end(callId))).state?.endReason).toBe(EndReason.HANGUP);
    expect((await bob.event("ended")).by).toBe(Role.CALLER);
  });

  test("94: comes back after its stream was cut", async () => {
    const { epoch } = ada.hello();
    const resume = { epoch, offset: BigInt(ada.events.length) };
    ada.cut();
    await harness.logged("endpoint detached");
    expect((await ada.reopen({ resume })).resumed).toBe(true);
    await bob.run(end(callId));
    expect((await ada.event("ended")).reason).toBe(EndReason.HANGUP);
  });

  test("94: places and takes no new call, and sends no messages", async () => {
    const carl = await harness.open("carl");
    const other = newCallId();
    const codes = (
      await ada.send(
        invite(newCallId(), "carl"),
        accept(other),
        alerting(other),
        {
          case: "relay",
          value: { messageId: newCallId(), toUser: "carl", extension: { type: "acme.com/x" } },
        },
        { case: "presenceSubscribe", value: { contacts: true } },
      )
    ).map(({ error }) => error?.code);
    expect(codes).toEqual(codes.map(() => ErrorCode.TOKEN_EXPIRED));
    expect(await heard(carl)).toEqual([]);
    const headers = { Authorization: `Bearer ${ada.token}` };
    const { endpointId, client } = ada;
    expect(await refusal(client.reauthenticate({ endpointId }, { headers }))).toEqual(expired);
    expect(await refusal(client.getIceServers({ endpointId }, { headers }))).toEqual(expired);
  });

  test("94: another endpoint with the same token, which is in no call, is refused", async () => {
    const headers = { Authorization: `Bearer ${ada.token}` };
    const endpointId = newCallId();
    const send = ada.client.send({ endpointId, epoch: ada.hello().epoch }, { headers });
    expect(await refusal(send)).toEqual(expired);
    const stream = ada.client.receive(
      { endpointId, client: { protocolMin: 1, protocolMax: 1 } },
      { headers },
    );
    expect(await refusal(stream[Symbol.asyncIterator]().next())).toEqual(expired);
  });

  test("94: has lost everything once the call is over", async () => {
    await bob.run(end(callId));
    const ending = refusal(ada.untilEnd());
    await harness.clock.advance(5_000);
    expect(await ending).toEqual(expired);
    expect(await refusal(ada.sendRaw([]))).toEqual(expired);
    expect(await refusal(ada.reopen())).toEqual(expired);
  });

  test("94: after ten minutes its stream ends and its commands are refused", async () => {
    await talkFor(8 * minuteMs + 30_000);
    expect((await ada.run(candidates(callId, 1))).applied).toBe(true);
    const ending = refusal(ada.untilEnd());
    await talkFor(minuteMs);
    expect(await ending).toEqual(expired);
    expect(await refusal(ada.run(end(callId)))).toEqual(expired);
    await bob.reopen();
    expect(bob.hello().snapshot?.calls[0]?.phase).toBe(CallPhase.ACTIVE);
  });

  test("94: may still say that it goes away", async () => {
    const headers = { Authorization: `Bearer ${ada.token}` };
    const intent = DetachRequest_Intent.SIGN_OUT;
    await ada.client.detach({ endpointId: ada.endpointId, intent }, { headers });
    expect((await bob.event("ended")).reason).toBe(EndReason.HANGUP);
  });
});

describe("95: a user whose access is taken away", () => {
  beforeEach(async () => {
    bob = await harness.open("bob");
  });

  test("95: is out at once, and the call ends as not allowed", async () => {
    await ada.run(invite(callId, "bob"));
    await bob.run(accept(callId));
    await harness.server.revoke("ada");
    expect(await bob.event("ended")).toMatchObject({ reason: EndReason.NOT_ALLOWED, by: Role.SERVER });
    const last = await ada.untilEnd();
    expect(last?.case === "goAway" && [last.value.action, last.value.reason]).toEqual([
      GoAway_Action.STOP,
      ErrorCode.TOKEN_REVOKED,
    ]);
    const revoked = [Code.PermissionDenied, ErrorCode.TOKEN_REVOKED];
    expect(await refusal(ada.sendRaw([]))).toEqual(revoked);
    expect(await refusal(ada.reopen())).toEqual(revoked);
    await harness.clock.advance(1_000);
    expect((await harness.open("ada")).hello().snapshot?.calls).toEqual([]);
  });

  test("95: has no ringing call any more, and does not decline for others", async () => {
    const carl = await harness.open("carl");
    const other = newCallId();
    await ada.run(invite(callId, "bob"));
    await carl.run(invite(other, "bob"));
    await harness.server.revoke("ada");
    expect((await bob.event("ended")).reason).toBe(EndReason.NOT_ALLOWED);
    expect((await bob.run(accept(other))).applied).toBe(true);
  });
});
