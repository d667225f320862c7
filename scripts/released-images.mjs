/**
 * `npm run release-image -w proto`: keeps the present schema as `proto/released/v<version>.binpb`, with the version of
 * proto/package.json. With `--check` it writes nothing and fails when the schema breaks one of the images.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { breakingAgainst, releasedImages, releaseImage } from "./lib/released-images.mjs";
import { root } from "./lib/repo.mjs";

if (process.argv.includes("--check")) {
  for (const image of releasedImages()) {
    const { code, output } = await breakingAgainst(image);
    if (code !== 0) {
      console.error(`${image}:\n${output}`);
      process.exitCode = 1;
    }
  }
} else {
  const { version } = JSON.parse(readFileSync(join(root, "proto", "package.json"), "utf8"));
  await releaseImage(version).then(
    (image) => console.log(`written: proto/released/${image}. Commit it with the release.`),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
