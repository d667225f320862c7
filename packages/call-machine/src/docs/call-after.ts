import type { CallInput } from "../call/context.ts";
import type { CallEffect } from "../call/effects.ts";
import type { CallEvent } from "../call/events.ts";
import type { CallMachineSnapshot } from "../view.ts";
import { callInputs } from "./call-samples.ts";
import { startCall, stepCall } from "./call-table.ts";

/** The sample beginning of this name, changed. */
export function inputOf(name: string, changes: Partial<CallInput> = {}): CallInput {
  const input = callInputs[name];
  if (!input) throw new Error(`no sample input "${name}"`);
  return { ...input, ...changes };
}

/** The call after these events, with the effects of the last step. */
export function callAfter(
  input: CallInput,
  ...events: readonly CallEvent[]
): {
  snapshot: CallMachineSnapshot;
  context: CallMachineSnapshot["context"];
  effects: readonly CallEffect[];
} {
  let [snapshot, effects] = startCall(input);
  for (const event of events) [snapshot, effects] = stepCall(snapshot, event);
  return { snapshot, context: snapshot.context, effects };
}
