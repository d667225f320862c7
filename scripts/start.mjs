/**
 * `npm start`: server, web client and echo bot on this machine, and their addresses when all three are there.
 * Ctrl+C, SIGTERM or the end of the npm that started it stop everything. Exit codes: 0 stopped on request, 1 a part
 * failed, 2 a port cannot be used.
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createDevLogReader } from "./lib/dev-log.mjs";
import { portFrom, portTrouble } from "./lib/ports.mjs";
import { stopTree } from "./lib/process-tree.mjs";
import { root, toolEnv, toolFolder } from "./lib/repo.mjs";

const usualPorts = { server: 8080, web: 5173 };
const startTimeoutMs = 90_000;
const pollMs = 200;
const requestTimeoutMs = 2_000;
const stopGraceMs = 1_500;

process.exitCode = await main();

async function main() {
  const ports = await usablePorts();
  return ports === undefined ? 2 : await runParts(ports);
}

async function usablePorts() {
  try {
    const ports = {
      server: { variable: "PEERLINE_PORT", port: portFrom(process.env, "PEERLINE_PORT", usualPorts.server) },
      web: {
        variable: "PEERLINE_WEB_PORT",
        port: portFrom(process.env, "PEERLINE_WEB_PORT", usualPorts.web),
      },
    };
    for (const [part, { variable, port }] of Object.entries(ports)) {
      const trouble = await portTrouble(port);
      if (trouble !== undefined) {
        const why = trouble === "EACCES" ? "needs more rights" : "is in use";
        throw new Error(
          `port ${port} for the ${part} ${why}. Fix: free it, or choose another, as in ${variable}=${port + 1000} npm start`,
        );
      }
    }
    return { server: ports.server.port, web: ports.web.port };
  } catch (error) {
    console.error(`start: ${error.message}`);
    return undefined;
  }
}

async function runParts(ports) {
  const parts = startParts(ports);
  const outcome = await Promise.race([
    parts.failed.then((reason) => ({ code: 1, reason })),
    stopRequested().then(() => ({ code: 0 })),
    showWhenReady(parts, ports),
  ]);
  parts.stopping.abort();
  await stopTree(parts.pid, stopGraceMs);
  if (outcome.reason !== undefined) {
    console.error(`\nstart: ${outcome.reason}`);
  }
  return outcome.code;
}

/** Not in this process group, so that Ctrl+C in the terminal reaches the parts through one place only. */
function startParts(ports) {
  const turbo = spawn(join(toolFolder, "turbo"), ["run", "dev", "--output-logs=new-only"], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: toolEnv({
      // An empty one is the usual port here, and no port to the server.
      PEERLINE_PORT: String(ports.server),
      ...(ports.server === usualPorts.server
        ? {}
        : { PEERLINE_SERVER_URL: `http://localhost:${ports.server}` }),
      ...(process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: "1" } : {}),
    }),
  });
  const online = deferred();
  const failed = deferred();
  const parts = {
    pid: turbo.pid,
    ready: false,
    stopping: new AbortController(),
    online: online.promise,
    failed: failed.promise,
  };
  const handlers = {
    online: () => online.resolve(),
    died: (part) => failed.resolve(`${part} stopped, see its lines above.`),
    crashedUnderWatch: (part) => {
      if (!parts.ready) {
        failed.resolve(`${part} did not start, see its lines above.`);
      }
    },
  };
  forward(turbo.stdout, process.stdout, createDevLogReader(handlers));
  forward(turbo.stderr, process.stderr, createDevLogReader(handlers));
  turbo.on("error", (error) => failed.resolve(`turbo did not start: ${error.message}. Fix: npm run setup`));
  turbo.on("close", (code) =>
    failed.resolve(`the parts stopped (turbo ended with code ${code}), see the lines above.`),
  );
  return parts;
}

function forward(from, to, read) {
  from.setEncoding("utf8");
  from.on("data", (text) => {
    to.write(text);
    read(text);
  });
}

/** Resolves only when the parts are not ready in time; else it prints the addresses and leaves them running. */
async function showWhenReady(parts, ports) {
  const waiting = new Set(["server", "web", "echo bot"]);
  const arrived = (part) => () => waiting.delete(part);
  const all = Promise.all([
    answers(`http://localhost:${ports.server}/readyz`, parts.stopping.signal).then(arrived("server")),
    answers(`http://localhost:${ports.web}/`, parts.stopping.signal).then(arrived("web")),
    parts.online.then(arrived("echo bot")),
  ]);
  const timeout = delay(startTimeoutMs, "late", { ref: false });
  if ((await Promise.race([all, timeout])) === "late") {
    return {
      code: 1,
      reason: `not ready after ${startTimeoutMs / 1000} s: ${[...waiting].join(", ")}. See their lines above.`,
    };
  }
  parts.ready = true;
  console.log(addresses(ports));
  return new Promise(() => undefined);
}

/** Resolves when the address answers well, or when the parts are being stopped. */
async function answers(url, stopping) {
  while (!stopping.aborted) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(requestTimeoutMs) });
      await response.body?.cancel();
      if (response.ok) {
        return;
      }
    } catch {
      // Not there yet.
    }
    await delay(pollMs);
  }
}

function addresses({ server, web }) {
  return [
    "",
    "Peerline is running. Open these in two windows and call one from the other:",
    "",
    `  http://localhost:${web}/?as=alice`,
    `  http://localhost:${web}/?as=bob`,
    "",
    `  server on http://localhost:${server}`,
    "  Echo is online: call the user echo",
    "",
    "Ctrl+C stops everything.",
    "",
  ].join("\n");
}

/** npm does not pass SIGTERM on to the second command of a script, so its end counts as a request too. */
function stopRequested() {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, resolve);
    }
    if (process.env.npm_lifecycle_event !== undefined) {
      const parent = process.ppid;
      setInterval(() => process.ppid !== parent && resolve(), pollMs).unref();
    }
  });
}

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}
