import { readdirSync, readFileSync } from "node:fs";
import { createFileRegistry, fromBinary, type Registry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** The schema as a release had it. */
export interface ReleasedImage {
  /** The file's name without its ending: `v0.1.0`. */
  readonly name: string;
  readonly schema: Registry;
}

const folder = new URL("../../../proto/released/", import.meta.url);

/** Every image in `proto/released`, by name. Throws when one cannot be read. */
export function releasedImages(): readonly ReleasedImage[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".binpb"))
    .sort()
    .map((file) => ({ name: file.replace(/\.binpb$/, ""), schema: schemaOf(file) }));
}

function schemaOf(file: string): Registry {
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(new URL(file, folder))));
}
