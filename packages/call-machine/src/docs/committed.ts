import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * The committed text of a generated file, to compare with what generates now. With `UPDATE=1` in the environment it is
 * written first, so that a change is reviewed as a diff. Empty when there is none.
 */
export function committed(file: URL, generated: string): string {
  if (process.env.UPDATE) writeFileSync(file, generated);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
