import { type Program, startCommand } from "./processes.ts";

/** Where a program runs: nothing, or what to put before its command. */
export type Enter = readonly string[];

/** Starts `node <file> …args` of the repository there. */
export function startNode(
  enter: Enter,
  file: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
): Program {
  return startCommand([...enter, process.execPath, file, ...args], env);
}
