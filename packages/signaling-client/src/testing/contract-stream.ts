import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  type Availability,
  DetachRequest_Intent,
  ErrorCode,
  EventSchema,
  GoAway_Action,
  PingSchema,
  PresenceUpdateSchema,
  TimersSchema,
} from "@peerline/protocol";
import type { ContractCase } from "./contract.ts";
import type { ContractWorld } from "./contract-world.ts";

/** The streams that were opened, and the rows of Polls that were begun. */
function opened(world: ContractWorld) {
  return world.service.requests.all.flatMap((request) =>
    request.rpc === "receive" || (request.rpc === "poll" && !request.goesOn) ? [request] : [],
  );
}

async function delivered(world: ContractWorld, count: number): Promise<void> {
  await world.inputs.until(() => world.texts().length >= count);
}

export const streamContract: readonly ContractCase[] = [
  {
    name: "delivers each event once and in order, through cuts, duplicates and skipped events",
    async run(world, same) {
      await world.live();
      world.skipWaits();
      world.service.faults.duplicateEvents = 1;
      world.emit("1", "2");
      await delivered(world, 2);
      world.service.cut();
      world.emit("3");
      await delivered(world, 3);
      world.service.faults.skipEvents = 1;
      world.emit("4", "5");
      await delivered(world, 5);
      world.service.cut();
      world.emit("6", "7");
      await delivered(world, 7);
      same(world.texts(), ["1", "2", "3", "4", "5", "6", "7"]);
    },
  },
  {
    name: "resumes behind the last applied event when one is missing",
    async run(world, same) {
      await world.live();
      world.emit("1");
      await delivered(world, 1);
      world.service.faults.skipEvents = 1;
      world.emit("2", "3");
      await delivered(world, 3);
      same(
        opened(world).map(({ request }) => request.resume?.offset),
        [undefined, 1n],
      );
    },
  },
  {
    name: "64: resumes when two pings in a row show that events were lost silently",
    async run(world, same) {
      await world.live();
      world.service.faults.skipEvents = 1;
      world.emit("1");
      world.service.ping();
      world.service.ping();
      await delivered(world, 1);
      same(opened(world).length, 2);
    },
  },
  {
    name: "waits longer after each failure, and says how long",
    async run(world, same) {
      for (let n = 0; n < 4; n++) world.service.faults.refuseReceive.push({ code: Code.Unavailable });
      world.skipWaits();
      await world.live();
      same(
        world.inputs.all.flatMap((input) => (input.type === "interrupted" ? [input.retryInMs] : [])),
        [250, 500, 1_000, 2_000],
      );
    },
  },
  {
    name: "brings a snapshot and replays nothing when the server has another epoch",
    async run(world, same) {
      await world.live();
      world.emit("1");
      await delivered(world, 1);
      world.skipWaits();
      world.service.changeEpoch();
      await world.inputs.until((all) => all.filter((input) => input.type === "caughtUp").length === 2);
      world.emit("new 1");
      await delivered(world, 2);
      same(
        world.inputs.all.flatMap((input) => {
          if (input.type === "interrupted") return [];
          return [input.type === "hello" ? `hello ${input.resumed}` : input.type];
        }),
        ["hello false", "caughtUp", "event", "hello false", "caughtUp", "event"],
      );
    },
  },
  {
    name: "takes a half-open stream for dead at its deadline, not before",
    async run(world, same) {
      await world.live();
      world.clock.advanceBy(44_999);
      same(
        world.inputs.all.map(({ type }) => type),
        ["hello", "caughtUp"],
      );
      world.skipWaits();
      world.clock.advanceBy(1);
      await world.inputs.until((all) => all.filter((input) => input.type === "hello").length === 2);
      same(opened(world).length, 2);
    },
  },
  {
    name: "gives up a stream that says no hello within five seconds",
    async run(world, same) {
      world.service.faults.withholdHello = true;
      world.skipWaits();
      const live = world.live();
      await world.service.requests.until((all) => all.length === 1);
      world.service.faults.withholdHello = false;
      world.clock.advanceBy(5_000);
      await live;
      const [given, second] = opened(world).map(({ request }) => request);
      same([given?.attempt, second?.attempt], [0, 1]);
      same([given?.life?.requestNumber, second?.life?.requestNumber], [1, 2]);
      same([second?.life?.id.byteLength, second?.life?.id], [8, given?.life?.id]);
    },
  },
  {
    name: "stops when another owner of the endpoint takes over",
    async run(world, same) {
      await world.live();
      world.service.goAway(GoAway_Action.STOP, 0, ErrorCode.SUPERSEDED);
      const stopped = await world.inputs.first((input) => input.type === "stopped");
      same(stopped.type === "stopped" && stopped.code, "superseded");
      same(opened(world).length, 1);
    },
  },
  {
    name: "stops with the fix when the server speaks another version",
    async run(world, same) {
      world.service.faults.refuseReceive.push({
        code: Code.FailedPrecondition,
        errorCode: ErrorCode.UNSUPPORTED_VERSION,
      });
      world.live().catch(() => undefined);
      const stopped = await world.inputs.first((input) => input.type === "stopped");
      same(stopped.type === "stopped" && stopped.code, "unsupported-version");
    },
  },
  {
    name: "replaces a refused token at once and goes on",
    async run(world, same) {
      world.service.faults.rejectTokens = 1;
      await world.live();
      same(world.questions.all, ["first", "expired"]);
      same(
        opened(world).map(({ token }) => token),
        ["token-2"],
      );
    },
  },
  {
    name: "gives the open stream a new token before the old one runs out",
    async run(world, same) {
      world.service.tokenValidForMs = 60_000;
      await world.live();
      world.clock.advanceBy(30_000);
      const { rpc } = await world.service.requests.first((request) => request.rpc === "reauthenticate");
      same([rpc, opened(world).length], ["reauthenticate", 1]);
    },
  },
  {
    name: "96: ignores frames, events and enum values of unknown kinds, counts their offsets and does not reconnect",
    async run(world, same) {
      await world.live();
      const newer = create(TimersSchema);
      newer.$unknown = [{ no: 2_000, wireType: 0, data: new Uint8Array([1]) }];
      world.service.frame({ case: undefined });
      world.service.frame({
        case: "ping",
        value: create(PingSchema, { topOffset: 0n, $unknown: newer.$unknown }),
      });
      const unknown = create(EventSchema, { offset: 1n });
      world.service.mailbox.log.push(unknown);
      world.service.frame({ case: "event", value: unknown });
      world.service.frame({
        case: "presence",
        value: create(PresenceUpdateSchema, { items: [{ user: "bea", availability: 99 as Availability }] }),
      });
      world.emit("2");
      await delivered(world, 1);
      same(
        world.inputs.all.map(({ type }) => type),
        ["hello", "caughtUp", "presence", "event"],
      );
      same(opened(world).length, 1);
    },
  },
  {
    name: "reads the old stream until the new one is there when the server drains",
    async run(world, same) {
      await world.live();
      world.service.goAway(GoAway_Action.RESUME, 2_000);
      world.emit("1");
      await delivered(world, 1);
      world.clock.advanceBy(2_000);
      await world.inputs.until((all) => all.filter((input) => input.type === "hello").length === 2);
      same(
        world.inputs.all.map(({ type }) => type).filter((type) => type === "interrupted"),
        [],
      );
    },
  },
  {
    name: "tells the server on the way out",
    async run(world, same) {
      await world.live();
      world.session.stop("sign-out");
      const detach = await world.service.requests.first((request) => request.rpc === "detach");
      same(detach, { rpc: "detach", intent: DetachRequest_Intent.SIGN_OUT });
    },
  },
];
