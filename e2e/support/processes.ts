import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../../", import.meta.url));

/** A program of the repository that a test started, and stops. */
export interface Program {
  readonly pid: number;
  /** Every line it printed so far, stdout and stderr. */
  readonly lines: readonly string[];
  /** The first line, past or future, that matches. Rejects with everything printed when the program ends before. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** To its standard input. */
  write(text: string): void;
  /** Resolves with the exit code. */
  readonly exited: Promise<number | null>;
  /** Default SIGTERM. Resolves when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
}

const startWithinMs = 20_000;

/** Starts `node <file> …args` in the repository. */
export function startProgram(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  return startCommand([process.execPath, file, ...args], env);
}

/** Starts a command in the repository. */
export function startCommand(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
  const [command = "", ...args] = argv;
  const child = spawn(command, args, {
    cwd: repository,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  return follow(child, argv.join(" "));
}

function follow(child: ChildProcess, name: string): Program {
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  const exited = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      for (const watcher of watchers) watcher();
    });
  }

  function line(pattern: RegExp, timeoutMs = startWithinMs): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => finish(() => reject(new Error(`${name}: ${why}\n${lines.join("\n")}`)));
      const timer = setTimeout(() => fail(`no line like ${pattern} within ${timeoutMs} ms`), timeoutMs);
      const look = () => {
        const found = lines.find((text) => pattern.test(text));
        if (found !== undefined) finish(() => resolve(found));
      };
      function finish(settle: () => void): void {
        clearTimeout(timer);
        watchers.delete(look);
        settle();
      }
      watchers.add(look);
      void exited.then((code) => fail(`ended with code ${code} before a line like ${pattern}`));
      look();
    });
  }

  return {
    pid: child.pid ?? -1,
    lines,
    line,
    write: (text) => void child.stdin?.write(text),
    exited,
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}
