import type { Command } from "@peerline/protocol";
import type { ServerError } from "../errors/server-error.ts";
import { type Identity, tokenExpired } from "./identity.ts";

const inCall: ReadonlySet<Command["action"]["case"]> = new Set([
  "end",
  "reattach",
  "description",
  "candidates",
  "mediaState",
]);

/** Why a command must not run: with an expired token a party goes on with its accepted call, and no more. Row 94. */
export function graceRefusal(identity: Identity, { action }: Command): ServerError | undefined {
  return identity.expired && !inCall.has(action.case) ? tokenExpired() : undefined;
}

/** Throws unless the token is good, or its endpoint is a party of an accepted call. PROTOCOL 1.12. */
export function assertAdmitted(identity: Identity, isTalking: boolean): void {
  if (identity.expired && !isTalking) throw tokenExpired();
}
