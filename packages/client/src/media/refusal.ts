import type { SourceRefusal } from "../peerline.ts";
import { fieldOf } from "./opened-sources.ts";

const refusals: readonly (readonly [name: string, SourceRefusal])[] = [
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["NotFoundError", "missing"],
  ["OverconstrainedError", "missing"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
];

/** What a rejected `getUserMedia` means to the person. W3C Media Capture 10.2. Anything unknown reads as missing. */
export function refusalOf(error: unknown): SourceRefusal {
  const name = fieldOf(error, "name");
  return refusals.find(([known]) => known === name)?.[1] ?? "missing";
}
