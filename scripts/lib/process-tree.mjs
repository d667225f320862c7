import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const pollMs = 50;

/** The ids of a process and of everything it started, directly or not. */
export function treeOf(pid, parents = parentsOfAll()) {
  const tree = new Set([pid]);
  for (let size = 0; size !== tree.size; ) {
    size = tree.size;
    for (const [child, parent] of parents) {
      if (tree.has(parent)) {
        tree.add(child);
      }
    }
  }
  return [...tree];
}

/**
 * Ends a process with everything it started: SIGTERM to all, and after `graceMs` SIGKILL to what is left. Resolves
 * when none of them is alive.
 */
export async function stopTree(pid, graceMs) {
  const known = new Set(treeOf(pid));
  send(known, "SIGTERM");
  const deadline = Date.now() + graceMs;
  while (alive(known).length > 0) {
    const parents = parentsOfAll();
    for (const late of alive(known).flatMap((survivor) => treeOf(survivor, parents))) {
      if (!known.has(late)) {
        known.add(late);
        send([late], "SIGTERM");
      }
    }
    if (Date.now() > deadline) {
      send(alive(known), "SIGKILL");
    }
    await delay(pollMs);
  }
}

function alive(pids) {
  return [...pids].filter((pid) => isRunning(pid));
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return stateOf(pid) !== "Z";
}

function send(pids, signal) {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has already ended.
    }
  }
}

function parentsOfAll() {
  return process.platform === "linux" ? parentsFromProc() : parentsFromPs();
}

function parentsFromProc() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(statFields(name)?.[1])]);
}

function parentsFromPs() {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => line.trim().split(/\s+/).map(Number));
}

function stateOf(pid) {
  return process.platform === "linux" ? (statFields(pid)?.[0] ?? "Z") : "R";
}

/** The fields of /proc/PID/stat after the name, which may itself hold blanks and brackets: state, parent, … */
function statFields(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
