import type { CallRecord } from "@peerline/call-machine/record";
import { recordsOf, type ServerInput, type ServerState } from "./server/state.ts";

/** What one step of the server did to its records that it must never do: invariants 3, 4 and 8. */
export function recordFaults(
  before: ServerState,
  after: ServerState,
  input: ServerInput,
  acting: string | undefined,
): readonly string[] {
  const faults: string[] = [];
  const now = recordsOf(after);
  for (const was of recordsOf(before)) {
    const is = now.find(({ callId }) => callId === was.callId);
    if (!is) faults.push("3: a record vanished");
    else if (is !== was) faults.push(...changeFaults(was, is, input, acting));
  }
  return faults;
}

function changeFaults(
  was: CallRecord,
  is: CallRecord,
  input: ServerInput,
  acting: string | undefined,
): readonly string[] {
  const faults: string[] = [];
  if (was.phase === "ended" && is.phase !== "ended") faults.push("3: an ended record came back to life");
  if (was.phase === "active" && is.phase === "ringing") faults.push("3: an accepted call rings again");
  if (is.rev <= was.rev) faults.push("4: a change did not raise the revision");
  const byStranger =
    input.type === "command" &&
    input.action.case === "end" &&
    was.phase === "active" &&
    acting !== was.caller.key &&
    acting !== was.accepted?.key;
  if (byStranger && is.phase === "ended") faults.push("8: an End from outside the call ended it");
  return faults;
}
