import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandList, figureCommand, scriptPages } from "./lib/command-list.mjs";
import { documentedCommands, shellBlocks } from "./lib/documented-commands.mjs";
import { strangersEnv } from "./lib/machine.mjs";
import { packagesAreInstalled } from "./lib/packages.mjs";
import { blocksOf } from "./lib/pages.mjs";
import { stopTree } from "./lib/process-tree.mjs";
import { copyRepository } from "./lib/working-copy.mjs";

const timeoutMs = 240_000;
const deadlineMs = 120_000;
const graceMs = 1_500;
/** So much of its output is shown of a command that fails. */
const tailLength = 2_000;
const commands = documentedCommands(scriptPages);
const runs = [...commandList].filter(([, { prints }]) => prints !== undefined);
const laneOf = ({ lane = "reads" }) => lane;

/** Two copies: what writes must not restart what `npm start` watches. */
let copies = [];
const ports = { server: 0, web: 0 };
const started = [];
/** Command or page → what it printed and how it ended. One lane's commands run one after the other, the lanes beside each other. */
const outcomes = new Map();

beforeAll(async () => {
  if (!packagesAreInstalled()) {
    throw new Error("the packages are not those of package-lock.json. Fix: npm run setup");
  }
  copies = [copyRepository(), copyRepository()];
  [ports.server, ports.web] = await freePorts(2);
  const isServed = lane("start", Promise.resolve());
  const lastServed = lane("served", isServed);
  for (const [page, how] of scriptPages) {
    keep(
      page,
      lastServed.then(() => runScript(page, how)),
    );
  }
  lane("reads", Promise.resolve());
  lane("writes", Promise.resolve());
}, timeoutMs);

afterAll(async () => {
  await Promise.all(started.map(({ pid }) => stopTree(pid, graceMs)));
  for (const copy of copies) {
    rmSync(copy, { recursive: true, force: true });
  }
}, timeoutMs);

function lane(name, before) {
  let last = before;
  for (const [command, how] of runs.filter(([, other]) => laneOf(other) === name)) {
    last = keep(
      command,
      last.then(() => runCommand(command, how)),
    );
  }
  return last;
}

function keep(name, outcome) {
  outcomes.set(name, outcome);
  return outcome;
}

function runCommand(command, how) {
  const text = (how.as ?? command).replaceAll("9080", `${ports.server}`).replaceAll("6173", `${ports.web}`);
  return runInShell(text, how);
}

function runScript(page, how) {
  const script = shellBlocks(page).join("\n").replaceAll("localhost:8080", `localhost:${ports.server}`);
  return runInShell(`set -e\n${script}\ncat ana.json ben.json`, how);
}

/** Runs it in a shell of its own at the root of a copy, to its end, or until it prints what is awaited. */
async function runInShell(command, { prints, lane: own, stays }) {
  const [port] = await freePorts(1);
  const isStart = own === "start";
  const child = spawn("bash", ["-c", command], {
    cwd: own === "writes" ? copies[1] : copies[0],
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...strangersEnv(),
      NO_COLOR: "1",
      PEERLINE_DAYS: "3",
      PEERLINE_PORT: `${isStart ? ports.server : port}`,
      PEERLINE_WEB_PORT: `${ports.web}`,
      PEERLINE_SERVER_URL: `http://localhost:${ports.server}`,
    },
  });
  started.push(child);
  let output = "";
  return await new Promise((resolve) => {
    const read = (chunk) => {
      output += chunk;
      if ((stays || isStart) && prints.test(output)) {
        resolve({ code: 0, output });
        if (stays) {
          void stopTree(child.pid, graceMs);
        }
      }
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", read);
    }
    child.on("error", (error) => resolve({ code: 127, output: error.message }));
    const deadline = isStart ? undefined : setTimeout(() => endGroup(child.pid), deadlineMs);
    // What it left in the background holds its output open.
    child.on("exit", () => endGroup(child.pid));
    child.on("close", (code) => {
      clearTimeout(deadline);
      resolve({ code, output });
    });
  });
}

function endGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing is left of it.
  }
}

async function freePorts(count) {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve) => {
          const server = createServer().listen(0, () => resolve(server));
        }),
    ),
  );
  const found = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return found;
}

test("every command of the pages is run, or is on the list with the reason why not", () => {
  const unknown = commands.filter((command) => !commandList.has(command) && !figureCommand.test(command));
  expect(unknown).toEqual([]);
});

test("every command on the list is on a page", () => {
  expect([...commandList.keys()].filter((command) => !commands.includes(command))).toEqual([]);
});

test("every script that a page names is there", () => {
  const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const named = commands.flatMap((command) => [
    ...command.matchAll(/npm run ([\w:-]+)(?= --(?: |$)|$| \|)/g),
  ]);
  const missing = named.map(([, name]) => name).filter((name) => scripts[name] === undefined);
  expect(missing).toEqual([]);
});

describe("with the Node of this machine, in a copy of the repository", () => {
  test.each(runs)("%s", { timeout: timeoutMs }, async (command, { prints, codes = [0] }) => {
    const { code, output } = await outcomes.get(command);
    expect(output).toMatch(prints);
    expect(codes, output.slice(-tailLength)).toContain(code);
  });

  test.each([...scriptPages])("the commands of %s", { timeout: timeoutMs }, async (page, { prints }) => {
    const { code, output } = await outcomes.get(page);
    expect(output).toMatch(prints);
    expect(code, output.slice(-tailLength)).toBe(0);
  });

  test.each([...scriptPages.keys()])("the answers of %s", { timeout: timeoutMs }, async (page) => {
    const { output } = await outcomes.get(page);
    const printed = jsonValues(output);
    const shown = blocksOf(page).filter(({ language }) => language === "json");
    expect(shown.length).toBeGreaterThan(0);
    for (const { code } of shown) {
      const value = JSON.parse(code);
      expect(
        printed.some((candidate) => resembles(value, candidate)),
        code,
      ).toBe(true);
    }
  });

  test("every figure on the pages is in the list of figures", { timeout: timeoutMs }, async () => {
    const { output } = await outcomes.get("npm run figures -w e2e");
    const names = [...commands].flatMap((command) => {
      const [, , words] = /^npm run (figures -w e2e) -- (.+)$/.exec(command) ?? [];
      return words === undefined ? [] : [words.split(" ")[0]];
    });
    expect(names.filter((name) => name !== "all" && !output.includes(`  ${name} `))).toEqual([]);
  });
});

/** The JSON values that stand in a text, one after the other. */
function jsonValues(text) {
  const values = [];
  for (const part of text.split(/(?<=^[}]|[}])\s*(?=\{"|\{\n)/m)) {
    try {
      values.push(JSON.parse(part));
    } catch {
      // Not a value, or a part of one.
    }
  }
  return values;
}

/** Whether `actual` has all that `shown` has: the same keys and words; ids, times and lengths of time may be others. */
function resembles(shown, actual) {
  if (Array.isArray(shown)) {
    return Array.isArray(actual) && shown.every((item, index) => resembles(item, actual[index]));
  }
  if (typeof shown === "object" && shown !== null) {
    return (
      typeof actual === "object" &&
      actual !== null &&
      Object.entries(shown).every(([key, item]) => resembles(item, actual[key]))
    );
  }
  const isWord = typeof shown !== "string" || /^[A-Z]+(_[A-Z]+)+$|^[a-z]+(\/\d+)?$/.test(shown);
  return isWord ? shown === actual : typeof actual === "string";
}
