import { expect, test } from "vitest";
import { createLogger, createReport } from "./output.ts";

const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);

test("a report is one line of JSON, and silent unless asked for", () => {
  const lines: string[] = [];
  createReport(true, (line) => lines.push(line), now)("live", { afterMs: 257 });
  createReport(false, (line) => lines.push(line), now)("live");
  expect(lines).toEqual(['{"event":"live","at":"2026-01-02T03:04:05.000Z","afterMs":257}\n']);
});

test("a log line has time, message and details, with ids cut short", () => {
  const lines: string[] = [];
  const logger = createLogger("info", (line) => lines.push(line), now);
  logger.info("call live", { callId: "5aa7b1917d2e3e2b61fec65093f6d9d8", with: "echo" });
  logger.warn("no session");
  logger.debug("not shown");
  expect(lines).toEqual(["03:04:05 call live  callId=5aa7b191 with=echo\n", "03:04:05 WARN no session\n"]);
});
