import type { SignalingPort } from "@peerline/call-machine";
import { expect, test } from "vitest";
import { startAfter } from "./start-after.ts";

function createPort() {
  const done: string[] = [];
  const port: SignalingPort = {
    start: () => void done.push("start"),
    send: () => void done.push("send"),
    setCalls: () => undefined,
    wake: () => undefined,
    stop: () => void done.push("stop"),
  };
  return { done, port };
}

test("a session begins when what it needs is there, and not after it was stopped", async () => {
  for (const stopFirst of [false, true]) {
    const { done, port } = createPort();
    const ready = Promise.withResolvers<void>();
    const session = startAfter(port, ready.promise);
    session.start(() => undefined);
    await Promise.resolve();
    expect(done).toEqual([]);
    if (stopFirst) session.stop("page-gone");
    ready.resolve();
    await ready.promise;
    await Promise.resolve();
    expect(done).toEqual(stopFirst ? ["stop"] : ["start"]);
  }
});
