/**
 * How far a connection has noticed that its path is dead. `unnoticed`: packets stopped a moment ago. `missed`: no answers for
 * so long that libwebrtc would say `disconnected`. `lost`: it would have given up; healing the path is not enough then.
 */
export type PathState = "whole" | "unnoticed" | "missed" | "lost";

/** From the peer's last answer to `disconnected`, and to `failed`, about as libwebrtc does it. */
export const missedAfterMs = 2_500;
export const lostAfterMs = 15_000;

export interface NativeStates {
  readonly connection: RTCPeerConnectionState | undefined;
  readonly ice: RTCIceConnectionState;
}

/** What a connection says of itself over such a path. `wasUp`: it was connected before the path died. */
export function pathReport(path: PathState, native: NativeStates, wasUp: boolean): NativeStates {
  const isApart = native.ice === "new" || native.ice === "closed" || native.connection === "closed";
  if (path === "whole" || isApart) return native;
  if (path === "lost") return { connection: "failed", ice: "failed" };
  if (!wasUp) return { connection: "connecting", ice: "checking" };
  return path === "missed" ? { connection: "disconnected", ice: "disconnected" } : native;
}
