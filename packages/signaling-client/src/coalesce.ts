import { clone } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import {
  type Candidates,
  CandidatesSchema,
  type PresenceSubscribe,
  PresenceSubscribeSchema,
} from "@peerline/protocol";
import { callIdOf, isPresence } from "./action.ts";
import { sameBytes } from "./cursor.ts";

const candidatesPerMessage = 64;
const usersPerSubscription = 256;

/** The place of `next` in the queue: the entry it merges with, and what that becomes. */
export interface Merge {
  readonly index: number;
  readonly action: CommandAction;
}

/**
 * Finds the queued action that `next` can be folded into without overtaking anything of the same call: contiguous
 * candidates of one ICE generation (at most 64), the newer media state of a call, the newer presence. `undefined`:
 * `next` goes to the end. PROTOCOL D5.
 */
export function findMerge(queue: readonly CommandAction[], next: CommandAction): Merge | undefined {
  for (let index = queue.length - 1; index >= 0; index--) {
    const earlier = queue[index];
    if (earlier === undefined) return undefined;
    const action = merged(earlier, next);
    if (action !== undefined) return { index, action };
    if (isBarrier(earlier, next)) return undefined;
  }
  return undefined;
}

/** Presence has its own order; a command that names no call might concern any. */
function isBarrier(earlier: CommandAction, next: CommandAction): boolean {
  if (isPresence(next)) return earlier.case === next.case;
  if (isPresence(earlier)) return false;
  const call = callIdOf(earlier);
  return call === undefined || call === callIdOf(next);
}

function merged(earlier: CommandAction, next: CommandAction): CommandAction | undefined {
  if (earlier.case === "candidates" && next.case === "candidates") {
    return contiguous(earlier.value, next.value) ? joinCandidates(earlier.value, next.value) : undefined;
  }
  if (earlier.case === "mediaState" && next.case === "mediaState") {
    return callIdOf(earlier) === callIdOf(next) ? next : undefined;
  }
  if (earlier.case === "presenceSet" && next.case === "presenceSet") return next;
  if (earlier.case === "presenceSubscribe" && next.case === "presenceSubscribe") {
    return next.value.replace ? next : joinSubscriptions(earlier.value, next.value);
  }
  return undefined;
}

function contiguous(earlier: Candidates, next: Candidates): boolean {
  const sameGeneration =
    sameBytes(earlier.callId, next.callId) &&
    earlier.pcGeneration === next.pcGeneration &&
    earlier.ufrag === next.ufrag;
  const plain = earlier.sealed.length === 0 && next.sealed.length === 0;
  const follows = !earlier.endOfCandidates && earlier.firstIndex + earlier.list.length === next.firstIndex;
  return sameGeneration && plain && follows && earlier.list.length + next.list.length <= candidatesPerMessage;
}

function joinCandidates(earlier: Candidates, next: Candidates): CommandAction {
  const value = clone(CandidatesSchema, earlier);
  value.list.push(...next.list);
  if (next.endOfCandidates) value.endOfCandidates = true;
  return { case: "candidates", value };
}

function joinSubscriptions(earlier: PresenceSubscribe, next: PresenceSubscribe): CommandAction | undefined {
  const value = clone(PresenceSubscribeSchema, earlier);
  value.users = [...new Set([...earlier.users, ...next.users])];
  if (value.users.length > usersPerSubscription) return undefined;
  if (next.contacts) value.contacts = true;
  return { case: "presenceSubscribe", value };
}
