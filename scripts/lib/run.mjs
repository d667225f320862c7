import { spawn } from "node:child_process";
import { root, toolEnv } from "./repo.mjs";

/**
 * Runs one command to its end and gives its exit code and what it printed. Never rejects: a command that cannot
 * be started has the code 127. With `echo` the output is also shown as it comes.
 */
export function run(command, args, { cwd = root, env = toolEnv(), echo = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const chunks = [];
    const keep = (target) => (chunk) => {
      chunks.push(chunk);
      if (echo) {
        target.write(chunk);
      }
    };
    child.stdout.on("data", keep(process.stdout));
    child.stderr.on("data", keep(process.stderr));
    const finish = (code) => resolve({ code, output: Buffer.concat(chunks).toString("utf8") });
    child.on("error", (error) => {
      chunks.push(Buffer.from(`${command}: ${error.message}\n`));
      finish(127);
    });
    child.on("close", (code, signal) => {
      if (signal !== null) {
        chunks.push(Buffer.from(`${command}: ended by ${signal}\n`));
      }
      finish(code ?? 1);
    });
  });
}

/** "0.4 s", for people. */
export function seconds(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}
