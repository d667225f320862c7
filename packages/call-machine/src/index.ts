export type { CallInput, CallOutput } from "./call/context.ts";
export type { CallCommand, CallEffect, ControlSignal } from "./call/effects.ts";
export {
  type CallEvent,
  type CallTimerId,
  callTimerIds,
  type MediaEvent,
  type PeerEvent,
  type RemoteEvent,
  type ServerEvent,
  type TimerEvent,
  type UserEvent,
} from "./call/events.ts";
export { callMachine } from "./call/machine.ts";
export { guard, guardLogger, type Report, reportTo } from "./guard.ts";
export { createListeners, type Listeners } from "./listeners.ts";
export type {
  CallHealth,
  CallMemory,
  Clock,
  CommandAction,
  LinkTrouble,
  LinkTroubleCode,
  Logger,
  MediaHandle,
  MediaPort,
  PeerHandle,
  PeerOptions,
  PeerPort,
  SessionPorts,
  SessionStopCode,
  SignalingInput,
  SignalingPort,
} from "./ports.ts";
export { wallTime } from "./ports.ts";
export type { SessionInput } from "./session/context.ts";
export { sessionMachine } from "./session/machine.ts";
export type { RecentCall } from "./session/recent.ts";
export { type Session, startSession } from "./start-session.ts";
export { textOf } from "./text-of.ts";
export {
  type Availability,
  type CallId,
  type CallSnapshot,
  type CallTimers,
  type CandidatesSignal,
  type DescriptionSignal,
  defaultTimers,
  type EndedBy,
  type EndReason,
  type IceCandidateSignal,
  type LocalMediaState,
  type MediaKind,
  type MediaStateSignal,
  type Person,
  type RemoteUser,
  type Role,
  type SourceState,
} from "./types.ts";
export {
  type CallAbilities,
  type CallEnd,
  type CallPhase,
  type CallView,
  callView,
  type LinkState,
  type SessionView,
} from "./view.ts";
