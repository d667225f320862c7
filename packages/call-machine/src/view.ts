import type { SnapshotFrom } from "xstate";
import type { callMachine } from "./call/machine.ts";
import type { LinkTrouble, SessionStopCode } from "./ports.ts";
import type { sessionMachine } from "./session/machine.ts";
import type { RecentCall } from "./session/recent.ts";
import type {
  CallId,
  EndedBy,
  EndReason,
  LocalMediaState,
  MediaKind,
  Person,
  RemoteUser,
  Role,
} from "./types.ts";

/**
 * Where a call is, in the words of the screen. `dialing`: the invitation is on its way; `ringing`: the callee's endpoint
 * alerts its person; `incoming`: this endpoint does; `accepting`: until the server has decided.
 */
export type CallPhase =
  | "dialing"
  | "ringing"
  | "incoming"
  | "accepting"
  | "connecting"
  | "live"
  | "reconnecting"
  | "ended";

/** Everything that a screen or a bot reads of a call. */
export interface CallView {
  readonly callId: CallId;
  readonly role: Role;
  readonly phase: CallPhase;
  readonly remote: RemoteUser;
  readonly kind: MediaKind;
  readonly local: LocalMediaState;
  /** `undefined` until the peer has said. */
  readonly remoteMedia: { readonly microphone: boolean; readonly camera: boolean } | undefined;
  /** Who has put the call on hold: media flows only while neither has. */
  readonly hold: { readonly local: boolean; readonly remote: boolean };
  /** The peer's signaling is alive; its media may flow without. */
  readonly remoteReachable: boolean;
  /** The ring was silenced here; others ring on. */
  readonly silenced: boolean;
  /** The time of day in ms since 1970; when the clock was set since then, what it would have shown. */
  readonly liveSince: number | undefined;
  readonly interruptions: number;
  readonly end: CallEnd | undefined;
  /** What the machine can take now: drives the buttons. */
  readonly can: CallAbilities;
}

export interface CallEnd {
  readonly reason: EndReason;
  readonly by: EndedBy;
  /** The time of day in ms since 1970. */
  readonly at: number;
  /** Whatever the clock was set to meanwhile. `undefined`: media never flowed. */
  readonly talkedMs: number | undefined;
  /** The person's other device that took the call, by its own name. PROTOCOL row 11. */
  readonly device?: string;
}

export interface CallAbilities {
  readonly accept: boolean;
  readonly decline: boolean;
  /** Cancel before the accept, hang up after: one event. */
  readonly hangUp: boolean;
  readonly setSources: boolean;
}

export type LinkState = "connecting" | "online" | "interrupted" | "stopped";

/** Everything that a screen or a bot reads of a session. */
export interface SessionView {
  readonly user: string;
  readonly link: LinkState;
  /** Why `link` is not online. Absent while it is, and until the first attempt to connect has failed. */
  readonly trouble?: LinkTrouble;
  readonly stopped: { readonly code: SessionStopCode; readonly text: string } | undefined;
  /** Sorted by name. */
  readonly people: readonly Person[];
  /** Live calls, oldest first. */
  readonly calls: readonly CallView[];
  /** The newest live call, else the one that ended last until it is dismissed. */
  readonly call: CallView | undefined;
  /** The calls of this endpoint that are over and those its user missed, newest first, at most 30. */
  readonly recent: readonly RecentCall[];
}

export type CallMachineSnapshot = SnapshotFrom<typeof callMachine>;
export type SessionMachineSnapshot = SnapshotFrom<typeof sessionMachine>;

/** A call's machine state as people should read it. `endedAt` is the clock's reading when it ended, `toWall` its time of day. */
export function callView(
  snapshot: CallMachineSnapshot,
  endedAt?: number,
  toWall = (at: number) => at,
): CallView {
  const { context } = snapshot;
  return {
    callId: context.callId,
    role: context.role,
    phase: phaseOf(snapshot),
    remote: context.remote,
    kind: context.kind,
    local: context.media,
    remoteMedia: context.remoteMedia && {
      microphone: context.remoteMedia.microphone,
      camera: context.remoteMedia.camera,
    },
    hold: { local: context.onHold, remote: context.remoteMedia?.onHold ?? false },
    remoteReachable: context.remoteReachable,
    silenced: context.silenced,
    liveSince: context.liveSince === undefined ? undefined : toWall(context.liveSince),
    interruptions: context.interruptions,
    end: endOf(snapshot, endedAt, toWall),
    can: {
      accept: snapshot.can({ type: "user.accept", kind: context.kind }),
      decline: snapshot.can({ type: "user.decline" }),
      hangUp: snapshot.can({ type: "user.hangUp" }),
      setSources: snapshot.can({ type: "user.setMicrophone", on: true }),
    },
  };
}

const phases: readonly (readonly [CallPhase, (snapshot: CallMachineSnapshot) => boolean])[] = [
  ["ended", (snapshot) => snapshot.status === "done"],
  [
    "ringing",
    (snapshot) => snapshot.matches({ outgoing: "ringing" }) || snapshot.matches({ outgoing: "restored" }),
  ],
  ["dialing", (snapshot) => snapshot.matches("outgoing")],
  ["accepting", (snapshot) => snapshot.matches({ incoming: "accepting" })],
  ["incoming", (snapshot) => snapshot.matches("incoming")],
  ["live", (snapshot) => snapshot.matches({ established: "live" })],
  ["reconnecting", (snapshot) => snapshot.matches({ established: "reconnecting" })],
];

function phaseOf(snapshot: CallMachineSnapshot): CallPhase {
  return phases.find(([, matches]) => matches(snapshot))?.[0] ?? "connecting";
}

function endOf(
  { status, output, context }: CallMachineSnapshot,
  endedAt = 0,
  toWall: (at: number) => number,
): CallEnd | undefined {
  if (status !== "done" || !output) return undefined;
  const talkedMs = context.liveSince === undefined ? undefined : Math.max(0, endedAt - context.liveSince);
  return { reason: output.reason, by: output.by, at: toWall(endedAt), talkedMs };
}

/** The session as people should read it. `ended` is the last call's final view, if it was not dismissed. */
export function sessionView(
  snapshot: SessionMachineSnapshot,
  calls: readonly CallView[],
  ended: CallView | undefined,
  recent: readonly RecentCall[],
): SessionView {
  const { context } = snapshot;
  const announced = calls.filter(isAnnounced);
  return {
    user: context.user,
    link: snapshot.value,
    ...(context.trouble ? { trouble: context.trouble } : {}),
    stopped: context.stopped,
    people: Object.values(context.people).sort((a, b) => a.displayName.localeCompare(b.displayName)),
    calls: announced,
    call: announced.at(-1) ?? ended,
    recent,
  };
}

/** Not while later events of the same replay may still end it: no ring flashes up. PROTOCOL row 24. */
function isAnnounced({ phase, can }: CallView): boolean {
  return phase !== "incoming" || can.accept;
}
