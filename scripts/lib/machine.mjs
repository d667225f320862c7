import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const oldestMajor = 20;
const firstMajorThatStripsTypes = 23;

/**
 * The environment of a person who has just come to this machine: nothing of this process but what the system sets, and on the PATH
 * no tool of a repository. Its Node is the oldest that the pages promise, when the machine has one, else the first that there is.
 * Throws when there is none.
 */
export function strangersEnv(env = process.env) {
  const folders = (env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.includes("node_modules"));
  const nodes = folders
    .filter((folder) => existsSync(join(folder, "node")))
    .map((folder) => ({ folder, major: majorOf(join(folder, "node")) }))
    .filter(({ major }) => major >= oldestMajor);
  const chosen = nodes.find(({ major }) => major < firstMajorThatStripsTypes) ?? nodes[0];
  if (chosen === undefined) {
    throw new Error(
      `there is no Node ${oldestMajor} or newer on the PATH outside of node_modules. Fix: install one.`,
    );
  }
  const kept = ["HOME", "USER", "LANG", "TMPDIR", "TERM"].filter((name) => env[name] !== undefined);
  return {
    ...Object.fromEntries(kept.map((name) => [name, env[name]])),
    PATH: [chosen.folder, ...folders].join(delimiter),
  };
}

function majorOf(node) {
  try {
    return Number.parseInt(execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" }), 10);
  } catch {
    return 0;
  }
}
