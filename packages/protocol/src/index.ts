// For everyone: messages, enums and services.

export {
  type Accept,
  type Accepted,
  type Alerting,
  type Binding,
  CallPhase,
  type CallState,
  type End,
  type Ended,
  EndReason,
  type Incoming,
  type Invite,
  MediaKind,
  type Missed,
  type Party,
  type PartyStatus,
  PartyStatus_Reachability,
  type Reattach,
  RelayPolicy,
  type RemoteAlerting,
  Role,
} from "./gen/peerline/signaling/v1/call_pb.ts";
export {
  DevelopmentService,
  type SignInRequest,
  type SignInResponse,
} from "./gen/peerline/signaling/v1/development_pb.ts";
export { type Error, ErrorCode, type Notice } from "./gen/peerline/signaling/v1/error_pb.ts";
export type { Extension, Relay } from "./gen/peerline/signaling/v1/extension_pb.ts";
export {
  type Candidate,
  type Candidates,
  type Description,
  Description_Type,
  type GetIceServersRequest,
  type GetIceServersResponse,
  type IceServer,
  type MediaState,
  type TrackInfo,
  type TrackState,
} from "./gen/peerline/signaling/v1/media_pb.ts";
export type { Bye, ChatMessage, ControlFrame } from "./gen/peerline/signaling/v1/peer_pb.ts";
export {
  Availability,
  type PresenceSet,
  type PresenceSubscribe,
  type PresenceUpdate,
  type PresenceUpdate_Item,
} from "./gen/peerline/signaling/v1/presence_pb.ts";
export { SignalingService } from "./gen/peerline/signaling/v1/service_pb.ts";
export {
  AlertPolicy,
  type ClientInfo,
  type Cursor,
  type DetachRequest,
  DetachRequest_Intent,
  type DetachResponse,
  type GoAway,
  GoAway_Action,
  type Heartbeat,
  type Heartbeat_CallHealth,
  type Hello,
  type Life,
  type Limits,
  type Ping,
  type PollRequest,
  type PollResponse,
  type ReauthenticateRequest,
  type ReauthenticateResponse,
  type ReceiveRequest,
  type ReceiveResponse,
  type SendRequest,
  type SendResponse,
  type Snapshot,
  type Timers,
  type TokenExpiring,
} from "./gen/peerline/signaling/v1/session_pb.ts";
export type { Command, CommandResult, Event } from "./gen/peerline/signaling/v1/signal_pb.ts";

// For integrators: the schemas that create, encode and reflect on the messages, and the file descriptors.

export {
  AcceptedSchema,
  AcceptSchema,
  AlertingSchema,
  BindingSchema,
  CallPhaseSchema,
  CallStateSchema,
  EndedSchema,
  EndReasonSchema,
  EndSchema,
  file_peerline_signaling_v1_call,
  IncomingSchema,
  InviteSchema,
  MediaKindSchema,
  PartySchema,
  PartyStatus_ReachabilitySchema,
  PartyStatusSchema,
  ReattachSchema,
  RelayPolicySchema,
  RemoteAlertingSchema,
  RoleSchema,
} from "./gen/peerline/signaling/v1/call_pb.ts";
export {
  file_peerline_signaling_v1_development,
  SignInRequestSchema,
  SignInResponseSchema,
} from "./gen/peerline/signaling/v1/development_pb.ts";
export {
  ErrorCodeSchema,
  ErrorSchema,
  file_peerline_signaling_v1_error,
  NoticeSchema,
} from "./gen/peerline/signaling/v1/error_pb.ts";
export {
  ExtensionSchema,
  file_peerline_signaling_v1_extension,
  RelaySchema,
} from "./gen/peerline/signaling/v1/extension_pb.ts";
export {
  CandidateSchema,
  CandidatesSchema,
  Description_TypeSchema,
  DescriptionSchema,
  file_peerline_signaling_v1_media,
  GetIceServersRequestSchema,
  GetIceServersResponseSchema,
  IceServerSchema,
  MediaStateSchema,
  TrackInfoSchema,
  TrackStateSchema,
} from "./gen/peerline/signaling/v1/media_pb.ts";
export {
  ByeSchema,
  ChatMessageSchema,
  ControlFrameSchema,
  file_peerline_signaling_v1_peer,
} from "./gen/peerline/signaling/v1/peer_pb.ts";
export {
  AvailabilitySchema,
  file_peerline_signaling_v1_presence,
  PresenceSetSchema,
  PresenceSubscribeSchema,
  PresenceUpdate_ItemSchema,
  PresenceUpdateSchema,
} from "./gen/peerline/signaling/v1/presence_pb.ts";
export { file_peerline_signaling_v1_service } from "./gen/peerline/signaling/v1/service_pb.ts";
export {
  AlertPolicySchema,
  ClientInfoSchema,
  CursorSchema,
  DetachRequest_IntentSchema,
  DetachRequestSchema,
  DetachResponseSchema,
  file_peerline_signaling_v1_session,
  GoAway_ActionSchema,
  GoAwaySchema,
  Heartbeat_CallHealthSchema,
  HeartbeatSchema,
  HelloSchema,
  LifeSchema,
  LimitsSchema,
  PingSchema,
  PollRequestSchema,
  PollResponseSchema,
  ReauthenticateRequestSchema,
  ReauthenticateResponseSchema,
  ReceiveRequestSchema,
  ReceiveResponseSchema,
  SendRequestSchema,
  SendResponseSchema,
  SnapshotSchema,
  TimersSchema,
  TokenExpiringSchema,
} from "./gen/peerline/signaling/v1/session_pb.ts";
export {
  CommandResultSchema,
  CommandSchema,
  EventSchema,
  file_peerline_signaling_v1_signal,
} from "./gen/peerline/signaling/v1/signal_pb.ts";
