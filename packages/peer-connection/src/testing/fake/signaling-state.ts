/** A description about to be set. */
export interface Setting {
  readonly side: "local" | "remote";
  readonly type: RTCSdpType;
}

/**
 * The signaling state after a description is set, or `undefined` where the platform throws an `InvalidStateError`.
 * https://www.w3.org/TR/webrtc/#rtcsignalingstate-enum
 */
export function nextSignalingState(
  state: RTCSignalingState,
  { side, type }: Setting,
): RTCSignalingState | undefined {
  const own = side === "local" ? "have-local-offer" : "have-remote-offer";
  const other = side === "local" ? "have-remote-offer" : "have-local-offer";
  const pranswered = side === "local" ? "have-local-pranswer" : "have-remote-pranswer";
  switch (type) {
    case "offer":
      return state === "stable" || state === own ? own : undefined;
    case "answer":
      return state === other || state === pranswered ? "stable" : undefined;
    case "pranswer":
      return state === other || state === pranswered ? pranswered : undefined;
    case "rollback":
      return state === own ? "stable" : undefined;
  }
}
