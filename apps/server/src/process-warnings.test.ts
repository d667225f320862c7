import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { logWarnings } from "./process-warnings.ts";

test("the platform's warnings are lines of the log, the first of each name, and are written nowhere else", () => {
  const process = new EventEmitter();
  const elsewhere: string[] = [];
  process.on("warning", ({ message }: Error) => void elsewhere.push(message));
  const lines: unknown[] = [];
  const warn = (message: string, fields?: object) => void lines.push({ message, ...fields });
  logWarnings(process, { debug() {}, info() {}, warn });
  const warning = (name: string, message: string) => Object.assign(new Error(message), { name });
  for (const reason of ["5e9 does not fit", "6e9 does not fit"])
    process.emit("warning", warning("TimeoutOverflowWarning", reason));
  process.emit("warning", warning("Warning", "odd"));
  expect([lines, elsewhere]).toEqual([
    [
      { message: "a warning of the platform", name: "TimeoutOverflowWarning", reason: "5e9 does not fit" },
      { message: "a warning of the platform", name: "Warning", reason: "odd" },
    ],
    [],
  ]);
});
