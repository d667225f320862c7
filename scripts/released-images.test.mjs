import { describe, expect, test } from "vitest";
import { breakingAgainst, releasedImages, releaseImage } from "./lib/released-images.mjs";

describe("released images", () => {
  test("are the files that a version names, oldest first", () => {
    const files = ["v0.10.0.binpb", "README.md", "v0.2.0.binpb", "latest.binpb", "v0.2.0.json"];
    expect(releasedImages(files)).toEqual(["v0.2.0.binpb", "v0.10.0.binpb"]);
  });

  test("are each compared with the present schema, which breaks none", async () => {
    const images = releasedImages();
    expect([images.includes("v0.1.0.binpb"), await codesOf(images)]).toEqual([true, images.map(() => 0)]);
  });

  test("are never written again", async () => {
    await expect(releaseImage("0.1.0")).rejects.toThrow("raise the version in proto/package.json");
  });

  test.each(["", "latest", "0.2", "../0.2.0"])("are not named %j", async (version) => {
    await expect(releaseImage(version)).rejects.toThrow("is no version such as 0.2.0");
  });
});

async function codesOf(images) {
  const found = await Promise.all(images.map(breakingAgainst));
  return found.map(({ code }) => code);
}
