import { describe, expect, test } from "vitest";
import { arrowViolations } from "./lib/arrows.mjs";

const exported = {
  "@peerline/call-machine": [".", "./record", "./wire", "./testing"],
  "@peerline/client": ["."],
  "@peerline/protocol": ["."],
  "@peerline/server": ["."],
  "@peerline/signaling-client": [".", "./testing"],
};

function violationsOf(folder, text, path = "src/file.ts") {
  return arrowViolations({ folder, path, text }, (name) => exported[name]);
}

describe("call-machine", () => {
  test("may import xstate, protobuf, the protocol and itself", () => {
    const text = `
      import { setup } from "xstate";
      import { create } from "@bufbuild/protobuf";
      import { timestampMs } from "@bufbuild/protobuf/wkt";
      import type { Event } from "@peerline/protocol";
      import { other } from "./other.ts";
      export * from "./call/events.ts";`;
    expect(violationsOf("packages/call-machine", text)).toEqual([]);
  });

  test("may not import its implementations, an app, or another library, in any form", () => {
    const text = `import { a } from "@peerline/signaling-client";
import type { B } from "@peerline/server";
export { c } from "pino";
const d = await import("node:fs");
let e: import("preact").VNode;`;
    expect(violationsOf("packages/call-machine", text)).toEqual([
      'packages/call-machine/src/file.ts:1 imports "@peerline/signaling-client": packages/call-machine may import @peerline/protocol',
      'packages/call-machine/src/file.ts:2 imports "@peerline/server": packages/call-machine may import @peerline/protocol',
      'packages/call-machine/src/file.ts:3 imports "pino": packages/call-machine may import xstate, @bufbuild/protobuf only',
      'packages/call-machine/src/file.ts:4 imports "node:fs": packages/call-machine may import xstate, @bufbuild/protobuf only',
      'packages/call-machine/src/file.ts:5 imports "preact": packages/call-machine may import xstate, @bufbuild/protobuf only',
    ]);
  });

  test("may not touch the platform, the clock or chance", () => {
    const text = `const a = Date.now();
const b = Math.random();
setTimeout(run, 5);
console.log(a);
const c = { fetch };
globalThis.crypto.randomUUID();
if (process.env.X) {}`;
    expect(
      violationsOf("packages/call-machine", text).map((line) => line.split(" uses ")[1].split(":")[0]),
    ).toEqual(["Date.now", "Math.random", "setTimeout", "console", "fetch", "crypto", "process"]);
  });

  test("may use the same words for its own things", () => {
    const text = `
      interface Clock { setTimeout(run: () => void, afterMs: number): void }
      type Location = { location: string };
      export function start(clock: Clock, { performance }: Options) {
        clock.setTimeout(() => performance.note(), 5);
        return { process: 1, document: clock };
      }
      function process() {}
      process();
      const at = Math.max(1, 2);`;
    expect(violationsOf("packages/call-machine", text)).toEqual([]);
  });

  test("is freer in its testing and docs folders, but not towards other workspaces", () => {
    const text = `import { readFileSync } from "node:fs";
import { x } from "@peerline/client";
console.log(Date.now());`;
    expect(violationsOf("packages/call-machine", text, "src/docs/write.ts")).toEqual([
      'packages/call-machine/src/docs/write.ts:2 imports "@peerline/client": packages/call-machine may import @peerline/protocol',
    ]);
  });
});

describe("the others", () => {
  test("the bot imports the client, and only types of the call machine", () => {
    const text = `import { createPeerline } from "@peerline/client";
import type { EndReason } from "@peerline/call-machine";
import { type MediaKind } from "@peerline/call-machine";
import pino from "pino";
import { defaultTimers } from "@peerline/call-machine";
import { x } from "@peerline/signaling-client";`;
    expect(violationsOf("apps/bot", text)).toEqual([
      'apps/bot/src/file.ts:5 imports "@peerline/call-machine": apps/bot may import types from it only (import type)',
      'apps/bot/src/file.ts:6 imports "@peerline/signaling-client": apps/bot may import @peerline/client, types of @peerline/call-machine',
    ]);
  });

  test("the server imports the record and the wire of the call machine, not its charts", () => {
    const text = `import { decide } from "@peerline/call-machine/record";
import { toId } from "@peerline/call-machine/wire";
import { createCall } from "@peerline/call-machine";`;
    expect(violationsOf("apps/server", text)).toEqual([
      'apps/server/src/file.ts:3 imports "@peerline/call-machine": apps/server may import types from it only (import type)',
    ]);
  });

  test("nobody reaches past the exports of a package, out of its folder, or to a workspace that is not there", () => {
    const text = `import { a } from "@peerline/client/src/create-peerline.ts";
import { b } from "../../server/src/main.ts";
import { c } from "@peerline/nothing";
import { d } from "../src/fine.ts";`;
    expect(violationsOf("apps/web", text)).toEqual([
      'apps/web/src/file.ts:1 imports "@peerline/client/src/create-peerline.ts": the package exports . only',
      'apps/web/src/file.ts:2 imports "../../server/src/main.ts": the path leaves the workspace; import it by its package name',
      'apps/web/src/file.ts:3 imports "@peerline/nothing": there is no such workspace',
    ]);
  });

  test("programs for the repository may use its scripts, applications may not", () => {
    const text = 'import { keepFigure } from "../../../scripts/figure-record.mjs";';
    const trouble = (file) =>
      `${file}:1 imports "../../../scripts/figure-record.mjs": the path leaves the workspace; import it by its package name`;
    expect(violationsOf("reliability", text)).toEqual([]);
    expect(violationsOf("apps/server", text)).toEqual([trouble("apps/server/src/file.ts")]);
  });
});
