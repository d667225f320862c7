import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync(new URL("./controls.css", import.meta.url), "utf8");
const [, lightness, chroma] = /oklch\(([\d.]+) ([\d.]+) var\(--hue\)\)/.exec(css) ?? [];

/** White on this colour, by WCAG 2. */
function contrastWithWhite(l: number, c: number, hue: number): number {
  const angle = (hue * Math.PI) / 180;
  return 1.05 / (luminance(l, c * Math.cos(angle), c * Math.sin(angle)) + 0.05);
}

/** Relative luminance of an Oklab colour (https://www.w3.org/TR/css-color-4/#color-conversion-code). */
function luminance(lightness: number, a: number, b: number): number {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s;
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  return 0.2126 * clamp(red) + 0.7152 * clamp(green) + 0.0722 * clamp(blue);
}

test("initials are readable on the colour of every person", () => {
  const contrasts = Array.from({ length: 24 }, (_, index) =>
    contrastWithWhite(Number(lightness), Number(chroma), index * 15),
  );
  expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
});
