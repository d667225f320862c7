import { Code } from "@connectrpc/connect";
import { ErrorCode } from "@peerline/protocol";
import type { ContractCase } from "./contract.ts";
import type { ContractWorld } from "./contract-world.ts";
import { sampleActions } from "./samples.ts";

function executed({ service }: ContractWorld): readonly string[] {
  return service.mailbox.executed.map(({ clientSeq, action }) => `${clientSeq} ${action.case}`);
}

function results({ inputs }: ContractWorld): readonly string[] {
  return inputs.all.flatMap((input) =>
    input.type === "result" ? [`${input.action.case} ${input.result.error?.code ?? "done"}`] : [],
  );
}

async function answered(world: ContractWorld, count: number): Promise<void> {
  await world.inputs.until(() => results(world).length >= count);
}

function sends({ service }: ContractWorld) {
  return service.requests.all.flatMap((request) => (request.rpc === "send" ? [request.request] : []));
}

/** Holds Sends until the returned function is called. */
function holdSends({ service }: ContractWorld): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  service.faults.holdSends = promise;
  return () => {
    service.faults.holdSends = undefined;
    resolve();
  };
}

export const sendingContract: readonly ContractCase[] = [
  {
    name: "runs commands in order and reports each result once",
    async run(world, same) {
      await world.live();
      world.session.send(sampleActions.invite("1"));
      world.session.send(sampleActions.end("1"));
      await answered(world, 2);
      same(executed(world), ["1 invite", "2 end"]);
      same(results(world), ["invite done", "end done"]);
    },
  },
  {
    name: "executes a command once when its result is lost",
    async run(world, same) {
      await world.live();
      world.service.faults.loseResponses = 1;
      world.session.send(sampleActions.invite("1"));
      world.session.setCalls([{ callId: "ab".repeat(16), mediaAlive: false }]);
      await answered(world, 1);
      same(executed(world), ["1 invite"]);
      same(results(world), ["invite done"]);
      same(
        sends(world).map(({ commands }) => commands.length),
        [1, 1],
      );
    },
  },
  {
    name: "repeats a command that is never answered, after its time is up",
    async run(world, same) {
      await world.live();
      world.service.faults.swallowResponses = 1;
      world.session.send(sampleActions.invite("1"));
      await world.service.executions.until((all) => all.length === 1);
      world.clock.advanceBy(10_000 + 500);
      await answered(world, 1);
      same(executed(world), ["1 invite"]);
      same(results(world), ["invite done"]);
      same(
        sends(world).map(({ commands }) => commands.map(({ clientSeq }) => clientSeq)),
        [[1n], [1n]],
      );
    },
  },
  {
    name: "repeats what is under way as soon as a lost stream is replaced",
    async run(world, same) {
      await world.live();
      world.skipWaits();
      world.service.faults.swallowResponses = 1;
      const startedAt = world.clock.now();
      world.session.send(sampleActions.invite("1"));
      await world.service.executions.until((all) => all.length === 1);
      world.service.cut();
      await answered(world, 1);
      same(executed(world), ["1 invite"]);
      same(world.clock.now() - startedAt, 250);
    },
  },
  {
    name: "carries everything that gathers during a round trip in the next request",
    async run(world, same) {
      await world.live();
      const release = holdSends(world);
      world.session.send(sampleActions.description("1"));
      await world.service.requests.until(() => sends(world).length === 1);
      for (let index = 0; index < 10; index++) world.session.send(sampleActions.candidates("1", index));
      release();
      await answered(world, 11);
      same(
        sends(world).map(({ commands }) => commands.map(({ action }) => action.case)),
        [["description"], ["candidates"]],
      );
      const last = world.service.mailbox.executed.at(-1)?.action;
      same(last?.case === "candidates" && last.value.list.length, 10);
    },
  },
  {
    name: "drops a command that the server cannot read, and only that one",
    async run(world, same) {
      world.service.faults.isMalformed = ({ action }) => action.case === "relay";
      world.session.send(sampleActions.invite("1"));
      world.session.send(sampleActions.relay("1", "5"));
      world.session.send(sampleActions.end("2"));
      await world.live();
      await answered(world, 3);
      same(results(world), ["invite done", `relay ${ErrorCode.MALFORMED}`, "end done"]);
      same(executed(world), ["1 invite", "2 end"]);
    },
  },
  {
    name: "gets a new token when a request is refused, and repeats it",
    async run(world, same) {
      await world.live();
      world.service.faults.rejectTokens = 1;
      world.session.send(sampleActions.invite("1"));
      await answered(world, 1);
      same(world.questions.all, ["first", "expired"]);
      same(executed(world), ["1 invite"]);
    },
  },
  {
    name: "asks for a snapshot when the server lost the session, then sends what was kept",
    async run(world, same) {
      await world.live();
      world.service.faults.refuseSend.push({
        code: Code.FailedPrecondition,
        errorCode: ErrorCode.SESSION_LOST,
      });
      world.session.send(sampleActions.invite("1"));
      await answered(world, 1);
      same(
        world.inputs.all.map((input) => (input.type === "hello" ? `hello ${input.resumed}` : input.type)),
        ["hello false", "caughtUp", "interrupted", "hello false", "caughtUp", "result"],
      );
      same(executed(world), ["1 invite"]);
    },
  },
  {
    name: "numbers commands anew in another epoch, behind the snapshot",
    async run(world, same) {
      await world.live();
      world.session.send(sampleActions.invite("1"));
      await answered(world, 1);
      world.skipWaits();
      world.service.changeEpoch();
      await world.inputs.first((input) => input.type === "interrupted");
      world.session.send(sampleActions.end("1"));
      await answered(world, 2);
      same(executed(world), ["1 end"]);
    },
  },
  {
    name: "keeps the leases of calls alive every five seconds",
    async run(world, same) {
      await world.live();
      world.session.setCalls([{ callId: "ab".repeat(16), mediaAlive: true }]);
      world.session.send(sampleActions.alerting("1"));
      await answered(world, 1);
      world.clock.advanceBy(5_000);
      await world.service.executions.until((all) => all.length === 3);
      same(
        sends(world).map(({ commands, heartbeat }) => [commands.length, heartbeat?.calls.length]),
        [
          [0, 1],
          [1, 1],
          [0, 1],
        ],
      );
    },
  },
  {
    name: "acknowledges events within five seconds, with no command to ride on",
    async run(world, same) {
      await world.live();
      world.emit("1", "2");
      await world.inputs.until(() => world.texts().length === 2);
      same(sends(world).length, 0);
      world.clock.advanceBy(5_000);
      await world.service.acks.until((all) => all.includes(2n));
    },
  },
];
