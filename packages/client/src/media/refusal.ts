import type { SourceRefusal } from "../peerline.ts";

const refusals = new Map<string, SourceRefusal>([
  ["NotAllowedError", "denied"],
  ["SecurityError", "denied"],
  ["NotFoundError", "missing"],
  ["OverconstrainedError", "missing"],
  ["NotReadableError", "busy"],
  ["AbortError", "busy"],
]);

/** What a rejected `getUserMedia` means to the person. W3C Media Capture 10.2. Anything unknown reads as missing. */
export function refusalOf(error: unknown): SourceRefusal {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return refusals.get(name) ?? "missing";
}
