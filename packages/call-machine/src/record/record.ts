import type { EndReason, MediaKind } from "../types.ts";

/** One endpoint as the server knows it. `key` names its mailbox. */
export interface Endpoint {
  readonly key: string;
  readonly user: string;
  readonly displayName: string;
  /** Fresh per call, 32 hex digits: hides the endpoint from the other side. */
  readonly party: string;
  /** For "answered on …", shown to the user's own endpoints only. */
  readonly deviceLabel: string;
}

/** The server's view of a call: RINGING → ACTIVE → ENDED, and never back. PROTOCOL 1.5. */
export interface CallRecord {
  readonly callId: string;
  /** +1 with each committed change. */
  readonly rev: number;
  readonly phase: "ringing" | "active" | "ended";
  readonly kind: MediaKind;
  readonly caller: Endpoint;
  readonly calleeUser: string;
  /** The callee's endpoints that were offered the call. */
  readonly offered: readonly Endpoint[];
  /** Those among them that went away while it rang: they hear the end too, should they come back to their mailbox. */
  readonly left?: readonly Endpoint[];
  /** Keys of the endpoints that really alert their person. */
  readonly alerting: readonly string[];
  /** The endpoint that won. */
  readonly accepted: Endpoint | undefined;
  /** Server clock, ms. */
  readonly createdAt: number;
  readonly ringDeadline: number;
  readonly acceptedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly reason: EndReason | undefined;
  readonly by: EndedByRole | undefined;
  /** The callee does not want this caller: nobody is rung, and the caller sees a call that nobody takes. Row 32. */
  readonly silent?: true;
  /** Nothing of the callee is shown to this caller before the accept. Invariant 25. */
  readonly stranger?: true;
  /** Key of the endpoint whose early answer the caller has. PROTOCOL 1.5. */
  readonly early?: string;
}

export type EndedByRole = "caller" | "callee" | "server";

/**
 * What a ticket proves: the server itself signed that these two were in this call. `accepted` is absent in the ticket of
 * a caller whose call nobody had taken yet. PROTOCOL D8.
 */
export interface CallClaim {
  readonly callId: string;
  /** Of the record when the ticket was issued: a rebuilt call goes on above it, or its parties would ignore it. */
  readonly rev: number;
  readonly kind: MediaKind;
  readonly caller: Endpoint;
  readonly calleeUser: string;
  readonly accepted: Endpoint | undefined;
  /** Server clock, ms. */
  readonly createdAt: number;
  readonly acceptedAt: number | undefined;
}

/** What may happen to a record. `at` is the server's clock in ms. */
export type RecordInput =
  | {
      readonly type: "invite";
      readonly at: number;
      readonly callId: string;
      readonly kind: MediaKind;
      readonly caller: Endpoint;
      readonly calleeUser: string;
      /** The callee's endpoints that take calls and are attached. */
      readonly ringable: readonly Endpoint[];
      readonly ringMs: number;
      /** The server is new: endpoints of the callee may still be on their way back, so none is not "unreachable" yet. */
      readonly awaitsEndpoints?: boolean;
      /** The callee's account is in an active call and does not take a second one. */
      readonly calleeBusy: boolean;
      /** A ringing call from the callee to the caller that was committed before. */
      readonly crossing: CallRecord | undefined;
      /** See `CallRecord.silent`. */
      readonly silent?: boolean;
      /** See `CallRecord.stranger`. */
      readonly stranger?: boolean;
    }
  /** `earlyAnswer`: it comes with one. */
  | { readonly type: "alerting"; readonly at: number; readonly from: string; readonly earlyAnswer?: boolean }
  /** The time at which somebody would alert has come for a silent call. */
  | { readonly type: "feignedAlerting"; readonly at: number }
  /** `busy`: the endpoint talks in another call that is not on hold. */
  | {
      readonly type: "accept";
      readonly at: number;
      readonly from: string;
      readonly kind: MediaKind;
      readonly busy?: boolean;
    }
  /** `wish` is kept when it names a failure; cancel, decline and hang-up follow from the phase. */
  | {
      readonly type: "end";
      readonly at: number;
      readonly from: string;
      readonly wish: EndReason | undefined;
      /** From a verified ticket: lets the end of a call that the server forgot leave its mark. */
      readonly claim?: CallClaim;
    }
  /** A party brings a verified ticket of an accepted call. */
  | { readonly type: "reattach"; readonly at: number; readonly from: string; readonly claim: CallClaim }
  /** The ring deadline may have passed: decided by `at`, so an early call changes nothing. */
  | { readonly type: "ringExpired"; readonly at: number }
  /** An endpoint's lease or detach grace ran out. */
  | { readonly type: "endpointLost"; readonly at: number; readonly key: string }
  /** Another endpoint of the callee attached while the call rings. */
  | { readonly type: "endpointJoined"; readonly at: number; readonly endpoint: Endpoint }
  /** A party has called the other one anew; see `recall`. */
  | { readonly type: "replaced"; readonly at: number; readonly by: EndedByRole }
  /** The longest time of a call may have passed: decided by `at`, so an early call changes nothing. */
  | { readonly type: "durationReached"; readonly at: number; readonly maxMs: number }
  /** So many calls ring at the callee that this one makes room; see `roomFor`. */
  | { readonly type: "crowdedOut"; readonly at: number }
  /** The user behind an endpoint may not use the service any more. */
  | { readonly type: "revoked"; readonly at: number; readonly key: string };

/** An event for one endpoint's mailbox; the server adds the payloads (SDP, names, ticket). */
export interface Delivery {
  readonly to: string;
  readonly event: RecordEvent;
}

export type RecordEvent =
  | { readonly type: "incoming" }
  /** `early`: the early answer goes along. */
  | { readonly type: "remoteAlerting"; readonly endpoints: number; readonly early?: true }
  | { readonly type: "accepted"; readonly mine: boolean }
  | {
      readonly type: "ended";
      readonly reason: EndReason;
      readonly by: EndedByRole;
      readonly deviceLabel: string;
      readonly talkedMs: number | undefined;
    };

/** What a decision came to. `applied: false` with `refusal` is a lost race, not an error. */
export interface Decision {
  /** The record as it is now. `undefined`: there is none, and none was made. */
  readonly record: CallRecord | undefined;
  readonly applied: boolean;
  /** Why nothing changed, in the words of the one who asked. */
  readonly refusal: EndReason | undefined;
  /** With refusal `glare`: the call that lives. */
  readonly instead: CallRecord | undefined;
  readonly deliveries: readonly Delivery[];
}
