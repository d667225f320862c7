import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function run(...args: readonly string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...args], { encoding: "utf8" });
  return { status, stderr, stdout };
}

test("a fault that does not exist is refused with exit code 2 and those that do", () => {
  const names = "cut, expire-token, expire-turn, stall, offline, force-relay, kill-media";
  expect(run("call", "ana", "--fault", "boom@3s")).toEqual({
    status: 2,
    stderr: `error: option '--fault <plan>' argument 'boom@3s' is invalid. "boom" is no fault: use ${names}.\n`,
    stdout: "",
  });
});

test("the help of each command says how to write a fault", () => {
  for (const command of ["echo", "call"]) {
    expect(run(command, "--help").stdout.replace(/\s+/g, " ")).toContain("<fault>@<time>+<length>");
  }
});
