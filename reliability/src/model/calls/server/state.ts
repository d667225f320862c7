import type { CommandAction } from "@peerline/call-machine";
import type { CallRecord } from "@peerline/call-machine/record";
import type { CallEntry } from "@peerline/server/testing";

/** All that the server knows, but for mailboxes and stored results: those belong to the wires. */
export interface ServerState {
  readonly values: Readonly<Record<string, unknown>>;
  /** It began with nothing just now. */
  readonly isCold: boolean;
}

export type ServerInput =
  | { readonly type: "command"; readonly from: number; readonly action: CommandAction }
  | { readonly type: "hello"; readonly from: number; readonly resumed: boolean }
  | { readonly type: "ringExpired"; readonly callId: string }
  /** The actor's lease, or the grace after its stream was lost, ran out. */
  | { readonly type: "lost"; readonly from: number };

export const coldServer: ServerState = { values: {}, isCold: true };
export const warmServer: ServerState = { values: {}, isCold: false };

/** The calls that the server knows of. */
export function recordsOf(server: ServerState): readonly CallRecord[] {
  return Object.entries(server.values)
    .filter(([name]) => name.startsWith("call:"))
    .map(([, entry]) => (entry as CallEntry).record);
}
