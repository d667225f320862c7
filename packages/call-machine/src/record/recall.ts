import type { CallRecord } from "./record.ts";

/** Someone calls while there is an accepted call. */
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
}

/**
 * Whether the new call takes the place of the accepted one: between the same two users, and from the endpoint that talks
 * already, from another one because that one is unreachable, or because the Invite says so. PROTOCOL 1.5 Recall.
 */
export function isRecall(record: CallRecord, request: RecallRequest): boolean {
  const { caller, accepted } = record;
  if (record.phase !== "active" || !accepted) return false;
  const isFrom = (own: string, other: string) => own === request.user && other === request.calleeUser;
  if (!isFrom(caller.user, accepted.user) && !isFrom(accepted.user, caller.user)) return false;
  if (request.named) return true;
  const own = [caller, accepted].filter(({ user }) => user === request.user);
  if (request.program) return false;
  return own.some(({ key }) => key === request.key || request.unreachable.includes(key));
}
