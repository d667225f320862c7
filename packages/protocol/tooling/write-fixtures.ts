import { existsSync, writeFileSync } from "node:fs";
import { toBinary } from "@bufbuild/protobuf";
import { samples } from "./samples.ts";

// Writes the fixtures that are missing. One that is there is a promise: delete it by hand to break the promise.
for (const [name, { schema, value }] of Object.entries(samples)) {
  const path = new URL(`../fixtures/${name}.binpb`, import.meta.url);
  if (!existsSync(path)) {
    writeFileSync(path, toBinary(schema, value));
  }
}
