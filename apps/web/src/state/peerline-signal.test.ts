import { effect } from "@preact/signals";
import { expect, test } from "vitest";
import { createFakePeerline } from "../testing/fake-peerline.ts";
import { fakeCall, fakeView } from "../testing/fake-views.ts";
import { peerlineSignal } from "./peerline-signal.ts";

const noPing = () => Promise.reject(new Error("nobody answers"));

test("starts with the view as it is and follows every change", () => {
  const first = fakeView();
  const peerline = createFakePeerline(first, noPing);
  const { view } = peerlineSignal(peerline);
  expect(view.value).toBe(first);
  const next = fakeView({ link: "interrupted" });
  peerline.show(next);
  expect(view.value).toBe(next);
});

test("the readers of a part run only when that part changes", () => {
  const peerline = createFakePeerline(fakeView({ call: fakeCall("dialing") }), noPing);
  const phase = peerlineSignal(peerline).select(({ call }) => call?.phase);
  const seen: unknown[] = [];
  effect(() => void seen.push(phase.value));
  peerline.show(fakeView({ call: fakeCall("ringing") }));
  peerline.show(fakeView({ call: fakeCall("ringing", { interruptions: 1 }) }));
  peerline.show(fakeView({ call: fakeCall("live") }));
  expect(seen).toEqual(["dialing", "ringing", "live"]);
});

test("follows nothing after dispose", () => {
  const first = fakeView();
  const peerline = createFakePeerline(first, noPing);
  const { view, dispose } = peerlineSignal(peerline);
  dispose();
  peerline.show(fakeView({ link: "stopped" }));
  expect(view.value).toBe(first);
});
