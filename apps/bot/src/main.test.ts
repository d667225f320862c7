import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { durationHelp } from "./duration.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function run(...args: readonly string[]) {
  return runWith({}, ...args);
}

function runWith(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { status, stderr, stdout } = spawnSync(process.execPath, [main, ...args], {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  return { status, stderr, stdout };
}

/** What a usage error looks like: one line, exit code 2, nothing on stdout. */
function refusal(line: string) {
  return { status: 2, stderr: `error: ${line}\n`, stdout: "" };
}

const url = 'Give an http(s) URL such as "http://localhost:8080", without name, query or fragment.';
const name = 'Give a name that can be seen, such as "alice".';

describe("a mistake on the command line is one line with the fix and exit code 2", () => {
  test.each([
    ["an empty URL", ["echo", "--server", ""], `option '--server <url>' argument '' is invalid. ${url}`],
    [
      "an empty name",
      ["call", "ana", "--user", " "],
      `option '--user <name>' argument ' ' is invalid. ${name}`,
    ],
    ["nobody to call", ["call", ""], `command-argument value '' is invalid for argument 'user'. ${name}`],
    [
      "a length of time that no timer can count",
      ["call", "ana", "--talk", "2147483648ms"],
      `option '--talk <duration>' argument '2147483648ms' is invalid. ${durationHelp}`,
    ],
    [
      "an option that does not exist",
      ["echo", "--sever", "x"],
      "unknown option '--sever'\n(Did you mean --server?)",
    ],
    ["an option without its value", ["call", "ana", "--talk"], "option '--talk <duration>' argument missing"],
    [
      "too many words",
      ["call", "ana", "ben"],
      "too many arguments for 'call'. Expected 1 argument but got 2: ana, ben.",
    ],
    [
      "a fault that does not exist",
      ["call", "ana", "--fault", "boom@3s"],
      "option '--fault <plan>' argument 'boom@3s' is invalid. \"boom\" is no fault: use cut, expire-token, expire-turn, stall, offline, force-relay, kill-media.",
    ],
  ])("%s", (_, args, line) => {
    expect(run(...args)).toEqual(refusal(line));
  });

  test("an empty variable", () => {
    const line = `option '--server <url>' value '' from env 'PEERLINE_SERVER_URL' is invalid. ${url}`;
    expect(runWith({ PEERLINE_SERVER_URL: "" }, "echo")).toEqual(refusal(line));
  });
});

test("a server that is not there is named, with the fix and exit code 3", () => {
  const { status, stderr, stdout } = run("call", "ana", "--json", "--server", "http://127.0.0.1:1");
  expect(status).toBe(3);
  expect(stderr).toMatch(/WARN No answer from .*Check that the server runs, and the address\./);
  expect(JSON.parse(stdout)).toMatchObject({ event: "error", exitCode: 3 });
});

test("the help of each command says how to write a fault", () => {
  for (const command of ["echo", "call"]) {
    expect(run(command, "--help").stdout.replace(/\s+/g, " ")).toContain("<fault>@<time>+<length>");
  }
});
