import { expect, test } from "vitest";
import { callInputs } from "../docs/call-samples.ts";
import { startCall, stepCall } from "../docs/call-table.ts";
import type { CallEffect } from "./effects.ts";
import type { CallEvent } from "./events.ts";

/** The call after its reload, live, with what was done to its connection since. */
function live(...events: readonly CallEvent[]) {
  const input = callInputs["callee after a reload, talking"];
  if (!input) throw new Error("no sample input");
  let [snapshot] = startCall(input);
  const effects: CallEffect[] = [];
  for (const event of [{ type: "peer.connected", at: 5 } as const, ...events]) {
    const [next, due] = stepCall(snapshot, event);
    snapshot = next;
    effects.push(...due);
  }
  const sending = effects.flatMap((effect) => (effect.type === "peer.setSending" ? [effect.on] : []));
  const told = effects.flatMap((effect) =>
    effect.type === "signal" && effect.command.type === "mediaState" ? [effect.command.state.onHold] : [],
  );
  return { sending, told, context: snapshot.context, effects };
}

const hold = (on: boolean): CallEvent => ({ type: "user.setHold", on });
const theirs = (revision: number, onHold: boolean): CallEvent => ({
  type: "peer.mediaState",
  state: { revision, microphone: true, camera: false, onHold },
});

test("50: with both sides on hold, one that ends its hold sends nothing until the other does too", () => {
  const both = [hold(true), theirs(1, true)];
  expect(live(...both).sending).toEqual([false, false]);
  expect(live(...both, hold(false)).sending).toEqual([false, false, false]);
  expect(live(...both, hold(false), theirs(2, false)).sending).toEqual([false, false, false, true]);
  expect(live(...both, theirs(2, false)).sending).toEqual([false, false, false]);
  expect(live(...both, theirs(2, false), hold(false)).sending).toEqual([false, false, false, true]);
});

test("50: the hold is told with the media state, once for each change", () => {
  expect(live(hold(true), hold(true), hold(false)).told).toEqual([false, true, false]);
});

test("a connection that is built while the call is on hold sends nothing", () => {
  const { effects } = live(hold(true), { type: "peer.stuck" });
  const opened = effects.findIndex(({ type }) => type === "peer.open");
  expect(effects.slice(opened, opened + 2).map(({ type }) => type)).toEqual(["peer.open", "peer.setSending"]);
});
