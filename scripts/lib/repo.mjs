import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The folder of the tools that the repository brings, its own Node among them. */
export const toolFolder = join(root, "node_modules", ".bin");

/**
 * The environment of everything the scripts start: the repository's tools first, its Node before the machine's,
 * and no tool that reports home or asks for updates.
 */
export function toolEnv(extra = {}) {
  return {
    ...process.env,
    PATH: `${toolFolder}${delimiter}${withoutToolFolders(process.env.PATH ?? "")}`,
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    DO_NOT_TRACK: "1",
    ...extra,
  };
}

/** A PATH without any `node_modules/.bin` of this repository, to meet the machine's own npm and Node. */
export function withoutToolFolders(path) {
  return path
    .split(delimiter)
    .filter((folder) => !(folder.startsWith(root) && folder.endsWith(join("node_modules", ".bin"))))
    .join(delimiter);
}
