import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { breakingAgainst, releasedImages, releaseImage } from "./lib/released-images.mjs";
import { root } from "./lib/repo.mjs";

describe("released images", () => {
  test("are the files that a version names, oldest first", () => {
    const files = ["v0.10.0.binpb", "README.md", "v0.2.0.binpb", "latest.binpb", "v0.2.0.json"];
    expect(releasedImages(files)).toEqual(["v0.2.0.binpb", "v0.10.0.binpb"]);
  });

  test("are each compared with the present schema, which breaks none", async () => {
    const images = releasedImages();
    expect([images.includes("v0.1.0.binpb"), await codesOf(images)]).toEqual([true, images.map(() => 0)]);
  });

  test.each([
    ["an rpc", "service.proto", /rpc Detach\(.*\n/],
    ["a field", "call.proto", /map<string, string> metadata = 9[^;]*;/],
    ["a range for third parties", "signal.proto", /extensions 1000 to 1999;/],
  ])("are broken by a schema without %s", async (_, file, removed) => {
    const copy = await mkdtemp(join(tmpdir(), "peerline-proto-"));
    await cp(join(root, "proto"), copy, { recursive: true });
    const path = join(copy, "peerline", "signaling", "v1", file);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(removed, ""));
    const { code, output } = await breakingAgainst("v0.1.0.binpb", copy);
    await rm(copy, { recursive: true });
    expect([code !== 0, output]).toEqual([true, expect.stringContaining("Previously present")]);
  });

  test("are never written again", async () => {
    await expect(releaseImage("0.1.0")).rejects.toThrow("raise the version in proto/package.json");
  });

  test.each(["", "latest", "0.2", "../0.2.0"])("are not named %j", async (version) => {
    await expect(releaseImage(version)).rejects.toThrow("is no version such as 0.2.0");
  });
});

async function codesOf(images) {
  const found = await Promise.all(images.map((image) => breakingAgainst(image)));
  return found.map(({ code }) => code);
}
