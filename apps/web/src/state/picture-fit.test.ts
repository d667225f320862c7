import { expect, test } from "vitest";
import { fitOf, type PictureFit } from "./picture-fit.ts";

test.each<[string, number, number, number, number, PictureFit]>([
  ["a phone upright in a wide window", 720, 1280, 1280, 800, "contain"],
  ["a wide picture in a wide window", 1280, 720, 1280, 800, "cover"],
  ["a wide picture in a phone upright", 1280, 720, 390, 700, "contain"],
  ["a phone upright in a phone upright", 720, 1280, 390, 700, "cover"],
  ["an old camera in a wide window", 640, 480, 1280, 720, "contain"],
  ["a square in a square", 100, 100, 7, 7, "cover"],
  ["a picture without a size", 0, 0, 1280, 800, "contain"],
  ["a window without a size", 1280, 720, 0, 0, "contain"],
  ["a line", 1280, 0, 1280, 800, "contain"],
])("%s (%d × %d in %d × %d): %6$s", (_, width, height, frameWidth, frameHeight, fit) => {
  expect(fitOf({ width, height }, { width: frameWidth, height: frameHeight })).toBe(fit);
});
