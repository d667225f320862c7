import type { CallInput, CallOutput } from "../call/context.ts";
import type { CallCommand } from "../call/effects.ts";
import type { CallEvent } from "../call/events.ts";
import type { LinkTrouble, SessionStopCode } from "../ports.ts";
import type {
  CallId,
  CallSnapshot,
  CallTimers,
  EndedBy,
  EndReason,
  MediaKind,
  Person,
  RemoteUser,
} from "../types.ts";
import type { LineEntry } from "./context.ts";

/** Everything the session machine receives. */
export type SessionEvent =
  | {
      readonly type: "user.dial";
      readonly callId: CallId;
      readonly callee: RemoteUser;
      readonly kind: MediaKind;
    }
  | { readonly type: "user.signOut" }
  | { readonly type: "link.opened"; readonly timers: Partial<CallTimers> }
  /** A new epoch: these are all the calls that the server knows of. Follows `link.opened`. */
  | { readonly type: "link.synced"; readonly calls: readonly CallSnapshot[] }
  | { readonly type: "link.caughtUp" }
  | { readonly type: "link.interrupted"; readonly trouble: LinkTrouble }
  | { readonly type: "link.stopped"; readonly code: SessionStopCode; readonly trouble: LinkTrouble }
  /** Someone calls. */
  | { readonly type: "remote.incoming"; readonly call: CallSnapshot }
  /** Someone called and was turned away before it rang here: the user was busy, or away for a moment. PROTOCOL row 18. */
  | { readonly type: "remote.missed"; readonly call: CallSnapshot }
  /** Something for one call. */
  | { readonly type: "remote.signalled"; readonly callId: CallId; readonly event: CallEvent }
  /** Own Invite lost: the other side's call was first and lives. PROTOCOL D10. */
  | { readonly type: "remote.crossed"; readonly callId: CallId; readonly call: CallSnapshot }
  | { readonly type: "remote.presence"; readonly people: readonly Person[]; readonly full: boolean }
  | { readonly type: "call.finished"; readonly output: CallOutput };

/** What the session machine wants done. */
export type SessionEffect =
  | { readonly type: "call.start"; readonly input: CallInput }
  | { readonly type: "call.deliver"; readonly callId: CallId; readonly event: CallEvent }
  /** A command of a call that has no machine any more, or never had one. */
  | { readonly type: "signal"; readonly callId: CallId; readonly command: CallCommand }
  /** Someone called, and it never rang here: for the person's history. */
  | {
      readonly type: "call.missed";
      readonly call: LineEntry;
      readonly reason: EndReason;
      readonly by: EndedBy;
    }
  | { readonly type: "link.stop" };
