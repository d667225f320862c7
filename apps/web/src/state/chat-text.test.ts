import { expect, test } from "vitest";
import { checkChatText } from "./chat-text.ts";

test.each([
  ["", "empty"],
  [" \n ", "empty"],
  ["hello", "fits"],
  ["x".repeat(8_192), "fits"],
  [` ${"x".repeat(8_192)} `, "fits"],
  ["x".repeat(8_193), "tooLong"],
  ["é".repeat(4_097), "tooLong"],
])("checks a message (%#)", (text, check) => {
  expect(checkChatText(text)).toBe(check);
});
