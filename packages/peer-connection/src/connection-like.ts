/**
 * The part of the W3C's WebRTC API that this package uses. A browser's `RTCPeerConnection` fits as it is, and so does
 * any faithful implementation elsewhere. https://www.w3.org/TR/webrtc/
 */
export interface ConnectionLike {
  readonly signalingState: RTCSignalingState;
  /** Absent in old implementations: `iceConnectionState` is used then. */
  readonly connectionState?: RTCPeerConnectionState | undefined;
  readonly iceConnectionState: RTCIceConnectionState;
  readonly iceGatheringState: RTCIceGatheringState;
  readonly localDescription: { readonly sdp: string } | null;
  createOffer(): Promise<RTCSessionDescriptionInit>;
  createAnswer(): Promise<RTCSessionDescriptionInit>;
  setLocalDescription(description: RTCLocalSessionDescriptionInit): Promise<void>;
  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>;
  addIceCandidate(candidate: RTCIceCandidateInit): Promise<void>;
  restartIce(): void;
  addTransceiver(kind: "audio" | "video", init: RTCRtpTransceiverInit): TransceiverLike;
  getTransceivers(): TransceiverLike[];
  createDataChannel(label: string, init: RTCDataChannelInit): ChannelLike;
  setConfiguration(configuration: RTCConfiguration): void;
  getStats(): Promise<StatsReportLike>;
  close(): void;
  addEventListener(type: "icecandidate", listener: (event: CandidateEventLike) => void): void;
  addEventListener(type: "track", listener: (event: TrackEventLike) => void): void;
  addEventListener(type: ConnectionStateEvent, listener: () => void): void;
}

/** The events after which one of the four states may read differently. */
export type ConnectionStateEvent =
  | "signalingstatechange"
  | "connectionstatechange"
  | "iceconnectionstatechange"
  | "icegatheringstatechange";

/** `null`, or an empty candidate, ends the gathering. */
export interface CandidateEventLike {
  readonly candidate: {
    readonly candidate: string;
    readonly sdpMid: string | null;
    readonly sdpMLineIndex: number | null;
    readonly usernameFragment?: string | null;
  } | null;
}

/** A track of the peer. */
export interface TrackEventLike {
  readonly track: MediaStreamTrack;
}

/** One m-line's sender and receiver. */
export interface TransceiverLike {
  readonly mid: string | null;
  direction: RTCRtpTransceiverDirection;
  readonly sender: SenderLike;
  readonly receiver: { readonly track: MediaStreamTrack };
  stop?(): void;
}

/** Sends one track, or silence. */
export interface SenderLike {
  readonly track: MediaStreamTrack | null;
  replaceTrack(track: MediaStreamTrack | null): Promise<void>;
  setStreams?(...streams: MediaStream[]): void;
}

/** One data channel. */
export interface ChannelLike {
  readonly readyState: RTCDataChannelState;
  binaryType: BinaryType;
  send(data: Uint8Array<ArrayBuffer>): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: "open" | "close", listener: () => void): void;
}

/** `RTCStatsReport`: an object of the standard's dictionaries by id. */
export interface StatsReportLike {
  values(): Iterable<unknown>;
}
