import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const buildMs = 120_000;

// A test's own NODE_ENV would make every build one for development.
beforeAll(() => void vi.stubEnv("NODE_ENV", "production"));
afterAll(() => void vi.unstubAllEnvs());

/** What a build is made of: the folders below `src` and of `@peerline/client` that have code in it, and all of its text. */
async function built(mode: string, base = "/") {
  const results = await build({ root, mode, base, logLevel: "silent", build: { write: false } });
  const outputs = Array.isArray(results) ? results : [results];
  const files = outputs.flatMap((result) => ("output" in result ? result.output : []));
  const sources = files.flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));
  const folders = sources.flatMap(
    (source) => /\/(?:apps\/web|packages\/client)\/src\/(\w+)\//.exec(source)?.[1] ?? [],
  );
  const text = files.map((file) => (file.type === "chunk" ? file.code : String(file.source))).join("\n");
  return { folders: new Set(folders), names: files.map(({ fileName }) => fileName), text };
}

const rooms = ["screens", "tabs", "media", "faults", "lab", "testing"];

test("fault switches, the lab and pictured states are in no build for people", {
  timeout: buildMs,
}, async () => {
  const { folders, names, text } = await built("production");
  expect(rooms.filter((room) => folders.has(room))).toEqual(["screens", "tabs", "media"]);
  expect(names.filter((name) => /lab|fault|fake/.test(name))).toEqual([]);
  expect(text.match(/\/lab\b|data-testid="?lab|fault-panel|fake=/g)).toBeNull();
});

test("the build of the end-to-end tests has all of them", { timeout: buildMs }, async () => {
  const { folders } = await built("e2e");
  expect(rooms.filter((room) => folders.has(room))).toEqual(rooms);
});

test("a relative base is refused with the fix", { timeout: buildMs }, async () => {
  await expect(built("production", "./")).rejects.toThrow(/begins with a slash/);
});
