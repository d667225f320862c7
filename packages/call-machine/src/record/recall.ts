import type { CallRecord } from "./record.ts";

/** Someone calls who has a call already. */
export interface RecallRequest {
  /** The endpoint that calls. */
  readonly key: string;
  readonly user: string;
  readonly calleeUser: string;
  /** Its Invite names this call as the one to replace. */
  readonly named: boolean;
  /** It is a program, which may talk to the same user twice. */
  readonly program: boolean;
  /** Keys of the accepted call's parties that say nothing any more. */
  readonly unreachable: readonly string[];
  /** The endpoint was started anew (a reloaded page) since it placed or accepted this call, and so is not in it. */
  readonly restarted: boolean;
}

/** What the call that is there already comes to: `replaced` for the same two people, else the caller has `left` it. */
export type Recall = "replaced" | "left";

/**
 * Whether a new call takes the place of this one, which then ends before the new one rings. Between the same two users:
 * from the endpoint that talks already, from another one because that one is unreachable, or because the Invite says so.
 * To whomever: when the same endpoint rang or talked in the life before, whose call it does not know yet. `undefined`: the
 * call stays as it is. PROTOCOL 1.5 Recall, 2.7 rows 26 and 77.
 */
export function recall(record: CallRecord, request: RecallRequest): Recall | undefined {
  const isSame = isBetweenTheSame(record, request);
  if (isOfLifeBefore(record, request)) return isSame ? "replaced" : "left";
  return isSame && isRecalled(record, request) ? "replaced" : undefined;
}

function isBetweenTheSame({ caller, calleeUser }: CallRecord, request: RecallRequest): boolean {
  const isFrom = (own: string, other: string) => own === request.user && other === request.calleeUser;
  return isFrom(caller.user, calleeUser) || isFrom(calleeUser, caller.user);
}

function isOfLifeBefore({ phase, caller, accepted }: CallRecord, request: RecallRequest): boolean {
  if (!request.restarted || request.program || phase === "ended") return false;
  return caller.key === request.key || (phase === "active" && accepted?.key === request.key);
}

function isRecalled({ phase, caller, accepted }: CallRecord, request: RecallRequest): boolean {
  if (phase !== "active" || !accepted) return false;
  if (request.named) return true;
  if (request.program) return false;
  const own = [caller, accepted].filter(({ user }) => user === request.user);
  return own.some(({ key }) => key === request.key || request.unreachable.includes(key));
}
