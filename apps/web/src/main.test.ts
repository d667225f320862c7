import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const buildMs = 120_000;

// A test's own NODE_ENV would make every build one for development.
beforeAll(() => void vi.stubEnv("NODE_ENV", "production"));
afterAll(() => void vi.unstubAllEnvs());

/** The folders below `src` and of `@peerline/client` that have code in a build. */
async function foldersIn(mode: string): Promise<ReadonlySet<string>> {
  const results = await build({ root, mode, logLevel: "silent", build: { write: false } });
  const outputs = Array.isArray(results) ? results : [results];
  const chunks = outputs.flatMap((result) => ("output" in result ? result.output : []));
  const files = chunks.flatMap((chunk) => (chunk.type === "chunk" ? Object.keys(chunk.modules) : []));
  return new Set(
    files.flatMap((file) => /\/(?:apps\/web|packages\/client)\/src\/(\w+)\//.exec(file)?.[1] ?? []),
  );
}

test("fault switches and pictured states are in no build for people", { timeout: buildMs }, async () => {
  const folders = await foldersIn("production");
  expect(["screens", "tabs", "media", "faults", "testing"].filter((name) => folders.has(name))).toEqual([
    "screens",
    "tabs",
    "media",
  ]);
});

test("the build of the end-to-end tests has the fault switches", { timeout: buildMs }, async () => {
  expect((await foldersIn("e2e")).has("faults")).toBe(true);
});
