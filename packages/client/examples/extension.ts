import { create } from "@bufbuild/protobuf";
import type { Session } from "@peerline/call-machine";
import { fromHex } from "@peerline/call-machine/wire";
import { randomId } from "@peerline/client";
import { type Relay, RelaySchema } from "@peerline/protocol";

/** A name under a domain that you hold, with the version in it. */
const reactionType = "acme.com/reaction.v1.Reaction";
const longestBytes = 32;

/** Sends one emoji to the other party, with no change of the schema or the server. */
export function sendReaction(session: Session, callId: string, emoji: string): void {
  const value = new TextEncoder().encode(emoji);
  const extension = { type: reactionType, value, critical: false };
  const id = { callId: fromHex(callId), messageId: fromHex(randomId()) };
  session.relay(create(RelaySchema, { ...id, extension }));
}

/** For `SessionPorts.onRelay`: the emoji, or `undefined` for a message of another type, or one that is too long to be one. */
export function readReaction({ extension }: Relay): string | undefined {
  if (extension?.type !== reactionType || extension.value.length > longestBytes) return undefined;
  return new TextDecoder().decode(extension.value);
}
