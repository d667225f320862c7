import { create, toBinary } from "@bufbuild/protobuf";
import type { CallId, CommandAction } from "@peerline/call-machine";
import { toHex } from "@peerline/call-machine/wire";
import { type Command, CommandSchema } from "@peerline/protocol";

/** The numbered message of an action. */
export function commandOf(action: CommandAction, clientSeq: bigint): Command {
  return create(CommandSchema, { clientSeq, action });
}

/** Length of a field's tag and length, with room to spare. */
const framingBytes = 16;

/** Upper bound of what the action adds to a request, in bytes. */
export function bytesOf(action: CommandAction): number {
  return toBinary(CommandSchema, commandOf(action, 0n)).length + framingBytes;
}

/** The call that the action names; presence, a Reattach and a message outside of calls name none. */
export function callIdOf(action: CommandAction): CallId | undefined {
  if (action.case === "presenceSubscribe" || action.case === "presenceSet" || action.case === "reattach") {
    return undefined;
  }
  return action.value.callId.length === 0 ? undefined : toHex(action.value.callId);
}

/** A change of a call's life: repeating it is harmless by its call id, also across epochs. PROTOCOL 1.3, D4. */
export function isLifecycle(action: CommandAction): boolean {
  return (
    action.case === "invite" ||
    action.case === "alerting" ||
    action.case === "accept" ||
    action.case === "end" ||
    action.case === "reattach"
  );
}

/** What makes a server that does not know the call ring or connect it. */
export function isOpening(action: CommandAction): boolean {
  return action.case === "invite" || action.case === "alerting" || action.case === "accept";
}

/** Last value wins, so repeating it is harmless. */
export function isPresence(action: CommandAction): boolean {
  return action.case === "presenceSubscribe" || action.case === "presenceSet";
}
