import { assert, assertEqual } from "./assert.ts";
import { assertNotBroken, inCall, openCall } from "./call.ts";
import type { ContractCase } from "./env.ts";
import { count, described, holdDescriptions, type Letter } from "./side.ts";

/** How a connection comes about and goes. */
export const connectCases: readonly ContractCase[] = [
  {
    name: "an offer and an answer connect both sides",
    run: (env) =>
      inCall(env, async (call) => {
        assertEqual(described(call.caller), ["offer 1"], "the caller's descriptions");
        assertEqual(described(call.callee), ["answer 1"], "the callee's descriptions");
        assertEqual(count(call.caller, "peer.connected"), 1, "the caller is told once");
        assertEqual(count(call.callee, "peer.connected"), 1, "the callee is told once");
      }),
  },
  {
    name: "candidates that come before the offer are held, added in order, and counted in the log",
    async run(env) {
      const late: Letter[] = [];
      const call = openCall(env, ({ caller }) => {
        holdDescriptions(caller, late);
      });
      const sent = () =>
        call.caller.events.flatMap((event) =>
          event.type === "peer.candidates" ? event.candidates.list : [],
        );
      await call.until(
        () => late.length === 1 && sent().length > 0,
        "the offer is held, candidates are sent",
      );
      for (const letter of late) call.callee.deliver(letter);
      await call.connected();
      const lines = call.callee.infos.filter((line) => line.endsWith("pending candidates added"));
      const pending = Number.parseInt(lines[0] ?? "0", 10);
      await call.close();
      assertEqual(lines.length, 1, "lines about pending candidates");
      assert(pending > 0 && pending <= sent().length, `${pending} pending of ${sent().length} sent`);
    },
  },
  {
    name: "candidates that come before the answer are held and added",
    async run(env) {
      const late: Letter[] = [];
      const call = openCall(env, ({ callee }) => {
        holdDescriptions(callee, late);
      });
      await call.until(
        () => late.length === 1 && count(call.callee, "peer.candidates") > 0,
        "the answer is held",
      );
      for (const letter of late) call.caller.deliver(letter);
      await call.connected();
      await call.close();
    },
  },
  {
    name: "each side is given one audio and one video track of the other",
    run: (env) =>
      inCall(env, async (call) => {
        for (const { tracks } of [call.caller, call.callee]) {
          await call.until(() => tracks.length === 2, "two tracks");
          assertEqual(tracks, ["audio", "video"], "the tracks");
        }
      }),
  },
  {
    name: "when both sides offer at once the impolite one's offer connects them, with one line per kind",
    async run(env) {
      const call = openCall(env, undefined, { generation: 2, calleeOffers: true });
      await call.connected();
      call.callee.peer.restartIce();
      await call.until(
        () => described(call.caller).includes("answer 2"),
        "the callee's next offer is answered",
      );
      await call.connected();
      const kinds = [call.caller, call.callee].map(({ connection }) =>
        connection
          .getTransceivers()
          .filter(({ mid }) => mid !== null)
          .map(({ receiver }) => receiver.track.kind),
      );
      assertNotBroken(call);
      await call.close();
      assertEqual(
        kinds,
        [
          ["audio", "video"],
          ["audio", "video"],
        ],
        "the lines",
      );
      assertEqual(described(call.callee), ["offer 1", "answer 1", "offer 2"], "the callee's descriptions");
    },
  },
  {
    name: "close is idempotent, closes the connection and ends the events",
    run: (env) =>
      inCall(env, async ({ caller, callee, until }) => {
        const before = callee.events.length;
        callee.peer.close();
        callee.peer.close();
        callee.peer.restartIce();
        callee.peer.setTracks({});
        await until(() => callee.connection.signalingState === "closed", "the connection is closed");
        caller.peer.restartIce();
        await until(() => described(caller).length === 2, "the other side goes on");
        assertEqual(callee.events.length, before, "events after close");
      }),
  },
  {
    name: "ten calls in a row leave no connection open",
    async run(env) {
      const connections = [];
      for (let i = 0; i < 10; i++) {
        const call = openCall(env);
        connections.push(call.caller.connection, call.callee.connection);
        await call.connected();
        await call.close();
      }
      assertEqual(
        connections.filter(({ signalingState }) => signalingState !== "closed").length,
        0,
        "open ones",
      );
    },
  },
];
