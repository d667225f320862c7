import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";

function log(human: boolean) {
  const lines: string[] = [];
  return { lines, logger: createLogger({ level: "info", human, write: (line) => lines.push(line) }) };
}

test("a line for a person is short", () => {
  const { logger, lines } = log(true);
  logger.info("call ended", { call: "0123456789abcdef0123456789abcdef", reason: "hung-up" });
  logger.warn("careful");
  expect(lines.map((line) => line.slice(9))).toEqual([
    "call ended  call=01234567  reason=hung-up\n",
    "warn careful\n",
  ]);
});

test("a line for a machine is JSON, and a secret that slips in is hidden", () => {
  const { logger, lines } = log(false);
  logger.info("hello", { user: "ada", token: "abc", sdp: "v=0" });
  logger.debug("not at this level");
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: 30,
    msg: "hello",
    user: "ada",
    token: "[Redacted]",
    sdp: "[Redacted]",
  });
});
