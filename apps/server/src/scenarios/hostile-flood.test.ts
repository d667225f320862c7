import { Code, ConnectError } from "@connectrpc/connect";
import {
  Availability,
  type CommandResult,
  DetachRequest_Intent,
  ErrorCode,
  ErrorSchema,
} from "@peerline/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { defaultServerLimits } from "../config/defaults.ts";
import { type Bystanders, type Look, openBystanders } from "../fuzz/bystanders.ts";
import { closedPolicy } from "../policy.ts";
import { alerting, end, invite, newCallId } from "../testing/commands.ts";
import type { TestEndpoint } from "../testing/endpoint.ts";
import { type Harness, startHarness } from "../testing/harness.ts";
import { heard } from "../testing/heard.ts";

const { commands, invites, unanswered, opens } = defaultServerLimits;
let harness: Harness;
let others: Bystanders;
let before: readonly Look[];
let mallory: TestEndpoint;

beforeEach(async () => {
  harness = await startHarness({ policy: closedPolicy, limits: { commands, invites, unanswered, opens } });
  others = await openBystanders(harness);
  await others.look();
  before = await others.look();
  mallory = await harness.open("mallory");
});
/** Whatever was tried: the two others heard nothing of it, their call is as it was, and they go on talking. */
afterEach(async () => {
  expect(await others.look()).toEqual(before);
  await others.talk();
  await harness.close();
});

const refusal = async (sending: Promise<unknown>) => {
  const error = ConnectError.from(await sending.catch((reason: unknown) => reason));
  return [error.code, error.findDetails(ErrorSchema)[0]?.code];
};

/** The two others say that they live, however long it takes. */
const pass = async (ms: number) => {
  await harness.clock.advance(ms);
  if ((harness.clock.now() / ms) % (heartbeatEveryMs / ms) === 0) await others.live();
};
const heartbeatEveryMs = 10_000;

describe("invites by the thousand", () => {
  test("ring once while the first rings, and cost a wait", async () => {
    const carl = await harness.open("carl");
    const first = newCallId();
    const results: CommandResult[] = [await mallory.run(invite(first, "carl"))];
    await carl.run(alerting(first));
    for (let sent = 0; sent < 1_000; sent += 20) {
      results.push(...(await mallory.send(...Array.from({ length: 20 }, () => invite(newCallId(), "carl")))));
      await pass(1_000);
    }
    expect(results.filter(({ applied }) => applied)).toHaveLength(1);
    const codes = new Set(results.slice(1).map(({ error }) => error?.code));
    expect([results.length, ...codes]).toEqual([1_001, ErrorCode.RATE_LIMITED]);
    expect(await heard(carl)).toEqual(["incoming"]);
  });

  /** Places and ends calls every 100 ms; gives how many the server placed. */
  const placed = async (count: number, callee: (index: number) => string) => {
    let rung = 0;
    for (let index = 0; index < count; index++) {
      const id = newCallId();
      const [result] = await mallory.send(invite(id, callee(index)), end(id));
      if (result?.error === undefined) rung++;
      else expect(result.error.code).toBe(ErrorCode.RATE_LIMITED);
      await pass(100);
    }
    return rung;
  };

  test("each ended at once, ring one person six times", async () => {
    const carl = await harness.open("carl");
    expect(await placed(1_000, () => "carl")).toBe(6);
    expect((await heard(carl)).filter((kind) => kind === "incoming")).toHaveLength(6);
  });

  test("each to another person, are fourteen in the first minute", async () => {
    expect(await placed(600, (index) => `person-${index}`)).toBe(14);
  });

  test("too many at once are refused as a whole, and none runs", async () => {
    const many = () => mallory.send(...Array.from({ length: 32 }, () => invite(newCallId(), "nobody")));
    await many();
    expect(await refusal(many())).toEqual([Code.ResourceExhausted, ErrorCode.RATE_LIMITED]);
  });
});

describe("with the endpoint id of another user", () => {
  const headers = () => ({ Authorization: `Bearer ${mallory.token}` });

  test("a stream opens an endpoint of one's own, with no calls", async () => {
    const stream = mallory.client.receive(
      { endpointId: others.ada.endpointId, client: { protocolMin: 1, protocolMax: 1 } },
      { headers: headers() },
    );
    const first = await stream[Symbol.asyncIterator]().next();
    const { frame } = first.done === true ? { frame: undefined } : first.value;
    expect(frame?.case === "hello" && frame.value.snapshot?.calls).toEqual([]);
  });

  test("commands and polls in that one's epoch find no session", async () => {
    const { endpointId } = others.ada;
    const { epoch } = others.ada.hello();
    const send = mallory.client.send({ endpointId, epoch }, { headers: headers() });
    expect(await refusal(send)).toEqual([Code.FailedPrecondition, ErrorCode.SESSION_LOST]);
    const client = { protocolMin: 1, protocolMax: 1 };
    const receive = { endpointId, client, resume: { epoch, offset: 0n } };
    const { frames } = await mallory.client.poll({ receive }, { headers: headers() });
    const hello = frames[0]?.frame;
    expect(hello?.case === "hello" && [hello.value.resumed, hello.value.snapshot?.calls]).toEqual([
      false,
      [],
    ]);
  });

  test("a sign-out signs nobody out but oneself", async () => {
    const { endpointId } = others.ada;
    const request = { endpointId, intent: DetachRequest_Intent.SIGN_OUT };
    await refusal(mallory.client.detach(request, { headers: headers() }));
    await harness.clock.advance(1_000);
    expect((await others.ada.sendRaw([])).results).toEqual([]);
  });
});

describe("the presence of strangers", () => {
  test("looks the same as that of nobody", async () => {
    const users = ["ada", "nobody"];
    await mallory.run({ case: "presenceSubscribe", value: { users, contacts: true } });
    const { items } = await mallory.frame("presence");
    expect(
      items.map(({ user, displayName, availability, bot, version }) => [
        user,
        displayName,
        availability,
        bot,
        version,
      ]),
    ).toEqual(users.map((user) => [user, user, Availability.OFFLINE, false, 0n]));
  });

  test("257 names at once are too many", async () => {
    const users = Array.from({ length: 257 }, (_, index) => `${index}`);
    const asking = mallory.run({ case: "presenceSubscribe", value: { users } });
    expect(await refusal(asking)).toEqual([Code.InvalidArgument, ErrorCode.TOO_LARGE]);
  });
});
