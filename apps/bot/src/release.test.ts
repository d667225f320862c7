import { expect, test } from "vitest";
import { forgetListeners, releaseConnection } from "./release.ts";

const listener = () => undefined;

test("the native connection and the channels hold no handler any more", () => {
  const native = { ontrack: listener, onicecandidate: listener, close: listener };
  const channel = { label: "control", _listeners: { open: new Set([listener]) }, dispatchEvent: listener };
  releaseConnection(Object.defineProperty({}, "_pc", { value: native }), [channel]);
  expect([native, channel]).toEqual([
    { ontrack: undefined, onicecandidate: undefined, close: listener },
    { label: "control", _listeners: undefined, dispatchEvent: expect.any(Function) },
  ]);
  expect(channel.dispatchEvent).not.toBe(listener);
});

test("objects of another make are left as they are", () => {
  const connection = { ontrack: listener };
  releaseConnection(connection, []);
  forgetListeners(connection);
  expect(connection).toEqual({ ontrack: listener });
});
