import { expect, test } from "vitest";
import { linkLook } from "./link-look.ts";

test.each([
  ["online", false, "ready"],
  ["connecting", false, "connecting"],
  ["connecting", true, "noServer"],
  ["interrupted", false, "noServer"],
  ["stopped", true, "stopped"],
] as const)("a link that is %s, slow %s, looks %s", (link, slow, look) => {
  expect(linkLook(link, slow)).toBe(look);
});
