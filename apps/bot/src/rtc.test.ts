import { existsSync, readdirSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Peerline } from "@peerline/client";
import { expect, test, vi } from "vitest";
import { holdThreads, nodeRtc } from "./rtc.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
const threads = "/proc/self/task";

function openAndClose(): WeakRef<object>[] {
  const connection = nodeRtc.createConnection({});
  const channel = connection.createDataChannel("control", { negotiated: true, id: 0 });
  const heard: unknown[] = [];
  const listener = (event: unknown) => heard.push(event);
  connection.addEventListener("connectionstatechange", listener);
  channel.addEventListener("close", listener);
  connection.close();
  return [new WeakRef(connection), new WeakRef(heard)];
}

test("a closed connection and what listened to it can be collected", async () => {
  const closed = openAndClose();
  await vi.waitFor(() => {
    collectGarbage();
    expect(closed.map((ref) => ref.deref() === undefined)).toEqual([true, true]);
  });
});

test.skipIf(!existsSync(threads))("connections one after the other leave no threads behind", async () => {
  const close = vi.fn();
  const { close: closeAll } = holdThreads({ close } as unknown as Peerline);
  nodeRtc.createConnection({}).close();
  const before = readdirSync(threads).length;
  for (let call = 0; call < 5; call++) {
    const connection = nodeRtc.createConnection({});
    await connection.createOffer();
    connection.close();
  }
  const after = readdirSync(threads).length;
  closeAll("page-gone");
  expect([after - before, close.mock.calls]).toEqual([0, [["page-gone"]]]);
});
