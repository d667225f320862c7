import { randomBytes } from "node:crypto";
import type { IdSource } from "./services.ts";

const epochBytes = 8;
const partyBytes = 16;

/** Unguessable ids. */
export function createSystemIds(): IdSource {
  return {
    epoch: () => randomBytes(epochBytes).toString("hex"),
    party: () => randomBytes(partyBytes).toString("hex"),
    random: Math.random,
  };
}
