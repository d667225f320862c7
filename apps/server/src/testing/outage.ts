import { CallPhase, type CallState, type CommandResult, EndReason } from "@peerline/protocol";
import { accept, alerting, invite } from "./commands.ts";
import type { Action, TestEndpoint } from "./endpoint.ts";
import { type Harness, type HarnessOptions, startHarness } from "./harness.ts";

/** A server that can be killed: the next one has an empty store, and the same clock and secrets. */
export interface Outage {
  /** The server that runs now. */
  harness(): Harness;
  restart(options?: HarnessOptions): Promise<void>;
  /** The same endpoint at the server that runs now, signed in again. */
  back(endpoint: TestEndpoint): Promise<TestEndpoint>;
  close(): Promise<void>;
}

export async function startOutage(options: HarnessOptions = {}): Promise<Outage> {
  const all = [await startHarness(options)];
  const harness = (): Harness => {
    const last = all.at(-1);
    if (!last) throw new Error("no server");
    return last;
  };
  return {
    harness,
    async restart(more) {
      all.push(await startHarness({ ...options, clock: harness().clock, ...more }));
    },
    back: ({ user, endpointId }) => harness().open(user, { endpointId }),
    async close() {
      for (const each of all) await each.close();
    },
  };
}

/** The tickets of the two parties of a call that was accepted, and its revision then. */
export interface Talk {
  readonly callers: Uint8Array;
  readonly callees: Uint8Array;
  readonly rev: number;
}

export async function talk(caller: TestEndpoint, callee: TestEndpoint, callId: Uint8Array): Promise<Talk> {
  await caller.run(invite(callId, callee.user));
  await callee.run(alerting(callId));
  const { ticket: callees, state } = await callee.run(accept(callId));
  const { ticket: callers } = await caller.event("accepted");
  return { callers, callees, rev: Number(state?.rev) };
}

export function reattach(ticket: Uint8Array, callId: Uint8Array): Action {
  return { case: "reattach", value: { ticket, callId } };
}

/** The code of an error, or whether it was applied, the phase and the reason. */
export function outcome({ applied, state, error }: CommandResult) {
  return error ? error.code : [applied, state?.phase, state?.endReason];
}

export const active = [true, CallPhase.ACTIVE, EndReason.UNSPECIFIED];

export function over(reason: EndReason) {
  return [false, CallPhase.ENDED, reason];
}

export function snapshotOf(endpoint: TestEndpoint): readonly CallState[] {
  return endpoint.hello().snapshot?.calls ?? [];
}
