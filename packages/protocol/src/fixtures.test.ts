import { readdirSync, readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { samples } from "../tooling/samples.ts";

const folder = new URL("../fixtures/", import.meta.url);

describe("the committed bytes", () => {
  test.each(Object.entries(samples))("of %s decode to the whole value", (name, { schema, value }) => {
    expect(fromBinary(schema, bytesOf(name))).toEqual(value);
  });

  test("have a sample each, and each sample has bytes", () => {
    const files = readdirSync(folder).sort();
    expect(files).toEqual(
      Object.keys(samples)
        .map((name) => `${name}.binpb`)
        .sort(),
    );
  });
});

function bytesOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.binpb`, folder)));
}
