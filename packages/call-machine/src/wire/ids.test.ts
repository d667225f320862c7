import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex, toHex } from "./ids.ts";

test("bytes are two lower-case digits each", () => {
  expect(toHex(Uint8Array.of(0, 1, 10, 0xab, 255))).toBe("00010aabff");
  expect(fromHex("00010aABff")).toEqual(Uint8Array.of(0, 1, 10, 0xab, 255));
  expect([toHex(new Uint8Array()), fromHex("")]).toEqual(["", new Uint8Array()]);
});

test("any bytes survive the way there and back", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
    { seed: 1 },
  );
});

test.each(["a", "0g", "0x11", "zz", "11 1"])("%j is refused", (text) => {
  expect(() => fromHex(text)).toThrow(new RangeError(`not hex: ${text}`));
});
