import type { EndReason } from "../types.ts";
import type { CallRecord, Decision, Delivery, EndedByRole, Endpoint } from "./record.ts";

const failures: ReadonlySet<EndReason> = new Set([
  "connect-failed",
  "media-lost",
  "peer-lost",
  "negotiation-failed",
  "media-device",
  "incompatible",
  "security",
]);

/** Reasons that a party may state for the end of an accepted call; every other one is a hang-up. */
export function isFailure(reason: EndReason): boolean {
  return failures.has(reason);
}

export function unchanged(record: CallRecord | undefined, refusal: EndReason | undefined): Decision {
  return { record, applied: false, refusal, instead: undefined, deliveries: [] };
}

export function committed(record: CallRecord, deliveries: readonly Delivery[]): Decision {
  return { record, applied: true, refusal: undefined, instead: undefined, deliveries };
}

export interface Ending {
  readonly reason: EndReason;
  readonly by: EndedByRole;
  readonly at: number;
  /** The endpoint that asked: its command's result tells it. */
  readonly except: string | undefined;
}

/** Ends a live record and tells everyone who is still in it, each in its own words. */
export function endCall(record: CallRecord, ending: Ending): Decision {
  const ended: CallRecord = {
    ...record,
    rev: record.rev + 1,
    phase: "ended",
    reason: ending.reason,
    by: ending.by,
    endedAt: ending.at,
  };
  const talkedMs = record.acceptedAt === undefined ? undefined : ending.at - record.acceptedAt;
  const tell = (endpoint: Endpoint): Delivery => ({
    to: endpoint.key,
    event: {
      type: "ended",
      reason: reasonFor(endpoint, record, ending),
      by: ending.by,
      deviceLabel: "",
      talkedMs,
    },
  });
  const others = audience(record).filter((endpoint) => endpoint.key !== ending.except);
  return {
    record: ended,
    applied: true,
    refusal: undefined,
    instead: undefined,
    deliveries: others.map(tell),
  };
}

/** Also those who went away while it rang. */
export function everOffered({ offered, left = [] }: CallRecord): readonly Endpoint[] {
  return [...offered, ...left];
}

function audience(record: CallRecord): readonly Endpoint[] {
  return [record.caller, ...(record.accepted ? [record.accepted] : everOffered(record))];
}

function reasonFor(endpoint: Endpoint, record: CallRecord, ending: Ending): EndReason {
  const byOtherDevice = ending.reason === "declined" && endpoint.key !== record.caller.key;
  return byOtherDevice ? "declined-elsewhere" : ending.reason;
}

/** Every endpoint that was offered a call and did not win it stops ringing. */
export function answeredElsewhere(record: CallRecord, winner: Endpoint): readonly Delivery[] {
  const losers = everOffered(record).filter(({ key }) => key !== winner.key);
  return losers.map(({ key }) => ({
    to: key,
    event: {
      type: "ended",
      reason: "answered-elsewhere",
      by: "callee",
      deviceLabel: winner.deviceLabel,
      talkedMs: undefined,
    },
  }));
}
