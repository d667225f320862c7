import { createRequire } from "node:module";
import type { DescExtension, DescFile, DescMessage } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { file_buf_validate_validate as declared } from "./gen/buf/validate/validate_pb.ts";

const require = createRequire(import.meta.url);
const { file_buf_validate_validate: evaluated }: { file_buf_validate_validate: DescFile } = require(
  require.resolve("@bufbuild/protovalidate").replace(/index\.js$/, "gen/buf/validate/validate_pb.js"),
);

describe("every rule that the schema declares is the one that the validator evaluates", () => {
  test.each(declared.messages)("$name", (message) => {
    const theirs = evaluated.messages.find(({ name }) => name === message.name);
    expect(theirs && shapesOf(theirs)).toEqual(expect.objectContaining(shapesOf(message)));
  });

  test.each(declared.extensions)("the option $name", (extension) => {
    const theirs = evaluated.extensions.find(({ name }) => name === extension.name);
    expect(theirs && placeOf(theirs)).toEqual(placeOf(extension));
  });

  test("and there are rules to compare", () => {
    expect({ messages: declared.messages.length > 5, extensions: declared.extensions.length > 1 }).toEqual({
      messages: true,
      extensions: true,
    });
  });
});

function shapesOf(message: DescMessage): Record<string, string> {
  return Object.fromEntries(
    message.fields.map((field) => [
      field.name,
      [field.number, field.fieldKind, field.scalar ?? field.message?.typeName, field.oneof?.name].join(" "),
    ]),
  );
}

function placeOf({ number, extendee, message }: DescExtension): string {
  return [number, extendee.typeName, message?.typeName].join(" ");
}
