import { describe, expect, test } from "vitest";
import { callInputs, sampleAnswer, sampleCall, sampleOffer } from "../docs/call-samples.ts";
import { startCall, stepCall } from "../docs/call-table.ts";
import type { CallInput } from "./context.ts";
import type { CallEffect } from "./effects.ts";
import type { CallEvent } from "./events.ts";

const inputs = callInputs as Readonly<Record<string, CallInput | undefined>>;

function after(name: string, ...events: readonly CallEvent[]) {
  const input = inputs[name];
  if (!input) throw new Error(`no sample input "${name}"`);
  let [snapshot, effects] = startCall(input);
  for (const event of events) [snapshot, effects] = stepCall(snapshot, event);
  const at = JSON.stringify(snapshot.value).replaceAll(/[{}"]/g, "");
  return { snapshot, effects, at, context: snapshot.context };
}

const described: CallEvent = { type: "peer.described", description: sampleOffer, fingerprints: ["AB:CD"] };
const mediaOn: CallEvent = { type: "media.changed", media: { microphone: "on", camera: "on" } };
const invited: CallEvent = { type: "server.invited", ringRemainingMs: 60_000 };
const accepted: CallEvent = {
  type: "remote.accepted",
  rev: 3,
  mine: false,
  kind: "video",
  answer: sampleAnswer,
  fingerprints: ["12:34"],
};
const connected: CallEvent = { type: "peer.connected", at: 5_000 };
const failed: CallEvent = { type: "peer.failed" };
const restart: CallEvent = { type: "timer.restart" };
const ringing = [described, mediaOn, invited];
const live = [...ringing, accepted, connected];
const lost = [...live, failed];

const opens = (generation: number, offer: boolean): CallEffect => ({
  type: "peer.open",
  polite: false,
  offer,
  generation,
  remoteFingerprints: ["12:34"],
});

describe("a path that an ICE restart does not bring back", () => {
  test("is rebuilt once, bound to the same fingerprints, without a second restart before", () => {
    expect(after("caller", ...lost).effects[0]).toEqual({ type: "peer.restartIce" });
    expect(after("caller", ...lost, restart).effects).toEqual([
      opens(2, true),
      { type: "timer.start", id: "restart", afterMs: 10_000 },
    ]);
    expect(after("caller", ...lost, restart, restart).effects[0]).toEqual({ type: "peer.restartIce" });
  });

  test("has a rebuild again in the next recovery", () => {
    const again = [...lost, restart, connected, failed, restart] as const;
    expect(after("caller", ...again).effects[0]).toEqual(opens(3, true));
  });

  test("is tried again a second after an attempt that failed", () => {
    expect(after("caller", ...lost, failed).effects).toEqual([
      { type: "timer.start", id: "restart", afterMs: 1_000 },
    ]);
  });
});

describe("a connection that is stuck", () => {
  const stuck: CallEvent = { type: "peer.stuck" };

  test("45: is rebuilt once, and the call ends when that one is stuck too", () => {
    const { at, effects } = after("caller", ...live, stuck);
    expect([at, effects[0]]).toEqual(["established:reconnecting", opens(2, true)]);
    const { snapshot } = after("caller", ...live, stuck, stuck);
    expect(snapshot.output).toMatchObject({ reason: "negotiation-failed", by: "me" });
  });

  test("before the accept it ends the call, and the server is told", () => {
    const { effects, snapshot } = after("caller", ...ringing, stuck);
    expect(effects).toContainEqual({
      type: "signal",
      command: { type: "end", reason: "negotiation-failed" },
    });
    expect(snapshot.output?.reason).toBe("negotiation-failed");
  });
});

describe("the peer's newer generation", () => {
  const newer = { ...sampleOffer, generation: 2 };

  test("gets a connection here too, which answers", () => {
    const { at, effects } = after("caller", ...live, { type: "remote.described", description: newer });
    expect(at).toBe("established:reconnecting");
    expect(effects.slice(0, 2)).toEqual([opens(2, false), { type: "peer.apply", description: newer }]);
  });

  test("is found in a snapshot as well", () => {
    const { snapshot } = after("caller", ...live);
    const call = sampleCall(snapshot, { descriptions: [newer], generation: 2 });
    const { effects } = after("caller", ...live, { type: "server.synced", call });
    expect(effects.slice(0, 2)).toEqual([opens(2, false), { type: "peer.apply", description: newer }]);
  });

  test("53: is the own one when both rebuild at once: perfect negotiation decides inside it", () => {
    const { effects, context } = after("caller", ...lost, restart, {
      type: "remote.described",
      description: newer,
    });
    expect([effects, context.generation]).toEqual([[{ type: "peer.apply", description: newer }], 2]);
  });
});

describe("another network", () => {
  const changed: CallEvent = { type: "network.changed" };

  test("57: restarts ICE at once, without a word to the person while media flows", () => {
    const { at, effects } = after("caller", ...live, changed);
    expect([at, effects]).toEqual([
      "established:live:renewing",
      [{ type: "peer.restartIce" }, { type: "timer.start", id: "renew", afterMs: 5_000 }],
    ]);
    expect(after("caller", ...live, changed, { type: "timer.renew" }).at).toBe("established:live:steady");
  });

  test("57: is told as reconnecting when the media stops, without a second restart", () => {
    const { at, effects } = after("caller", ...live, changed, { type: "peer.interrupted" });
    expect([at, effects]).toEqual([
      "established:reconnecting",
      [
        { type: "timer.stop", id: "renew" },
        { type: "timer.start", id: "restart", afterMs: 10_000 },
        { type: "timer.start", id: "recover", afterMs: 30_000 },
      ],
    ]);
  });

  test("in a recovery it is used at once", () => {
    expect(after("caller", ...lost, changed).effects).toEqual([
      { type: "peer.restartIce" },
      { type: "timer.start", id: "restart", afterMs: 10_000 },
    ]);
  });
});

describe("a reloaded page", () => {
  test("26: rings on, and builds a new connection when it is accepted", () => {
    const name = "caller after a reload, ringing";
    expect(after(name).effects).toEqual([
      { type: "media.open", microphone: false, camera: true },
      { type: "timer.start", id: "ring", afterMs: 45_000 },
    ]);
    const { at, effects } = after(name, accepted);
    expect([at, effects[2]]).toEqual(["established:connecting", opens(2, true)]);
  });

  test("77: takes up its call with a connection of the next generation, as muted as it was", () => {
    const { at, effects, context } = after("callee after a reload, talking");
    expect(at).toBe("established:connecting");
    expect(effects.slice(0, 2)).toEqual([
      { type: "media.open", microphone: false, camera: true },
      { type: "peer.open", polite: true, offer: true, generation: 2 },
    ]);
    expect([context.ticket, context.revision]).toEqual(["0b", 3]);
  });
});

describe("an early answer", () => {
  const early: CallEvent = { type: "remote.alerting", rev: 2, answer: sampleAnswer };
  const silent: CallEffect = { type: "peer.setSending", on: false };
  const loud: CallEffect = { type: "peer.setSending", on: true };

  test("connects the caller while it rings, and nothing is sent before the accept", () => {
    expect(after("caller", ...ringing, early).effects).toEqual([
      silent,
      { type: "peer.apply", description: sampleAnswer },
    ]);
    expect(after("caller", ...ringing, early, accepted).effects.slice(2, 4)).toEqual([
      { type: "peer.apply", description: sampleAnswer },
      loud,
    ]);
  });

  test("56: of a device that did not win gives way to a new connection to the one that did", () => {
    const other: CallEvent = { ...accepted, answer: { ...sampleAnswer, sdp: "of another device" } };
    expect(after("caller", ...ringing, early, other).effects[2]).toEqual(opens(2, true));
  });

  test("is given by the callee with its Alerting, and again with its Accept", () => {
    const name = "callee that answers early";
    expect(after(name).effects.slice(-2)).toEqual([
      silent,
      { type: "timer.start", id: "ring", afterMs: 65_000 },
    ]);
    const answered: CallEvent = { type: "peer.described", description: sampleAnswer };
    expect(after(name, answered).effects).toEqual([
      { type: "signal", command: { type: "alerting", answer: sampleAnswer } },
    ]);
    const accept: CallEvent = { type: "user.accept", kind: "video" };
    const { effects } = after(name, answered, accept, mediaOn);
    expect(effects[0]).toEqual({
      type: "signal",
      command: { type: "accept", kind: "video", answer: sampleAnswer },
    });
    const confirmed = after(name, answered, accept, mediaOn, { type: "server.accepted" });
    expect(confirmed.effects).toContainEqual(loud);
  });

  test("that breaks is forgotten: it rings as usual", () => {
    const broken: CallEvent = { type: "peer.broken", reason: "incompatible" };
    const { at, effects, context } = after("callee that answers early", broken);
    expect([at, effects, context.earlyAnswer]).toEqual([
      "incoming:ringing",
      [{ type: "signal", command: { type: "alerting" } }],
      false,
    ]);
  });
});
