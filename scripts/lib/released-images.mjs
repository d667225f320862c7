import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root, toolFolder } from "./repo.mjs";
import { run } from "./run.mjs";

const folder = join(root, "proto", "released");

/** The images of released schemas by their file names, `v0.1.0.binpb`, oldest first. */
export function releasedImages(names = readdirSync(folder)) {
  return names
    .filter((name) => /^v\d+\.\d+\.\d+\.binpb$/.test(name))
    .sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
}

/** Whether the schema in `cwd` breaks an image for `buf breaking`, as its exit code and output. */
export function breakingAgainst(image, cwd = join(root, "proto")) {
  return run(join(toolFolder, "buf"), ["breaking", "--against", join(folder, image)], { cwd });
}

/**
 * Writes the image of the present schema as that of `version`, and gives its file name. An image that is there is never
 * written again: a client was made from it. Throws then, and when the schema cannot be built.
 */
export async function releaseImage(version) {
  const image = `v${version}.binpb`;
  if (releasedImages([image]).length === 0) {
    throw new Error(`"${version}" is no version such as 0.2.0. Fix: set it in proto/package.json.`);
  }
  if (existsSync(join(folder, image))) {
    throw new Error(
      `proto/released/${image} is there already, and clients are made from it. Fix: raise the version in proto/package.json.`,
    );
  }
  const { code, output } = await run(
    join(toolFolder, "buf"),
    ["build", "--exclude-source-info", "-o", `released/${image}`],
    { cwd: join(root, "proto") },
  );
  if (code !== 0) throw new Error(output);
  return image;
}
