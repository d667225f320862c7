/**
 * `invalid-option`: an option or an argument that cannot work. `invalid-extension`: a type or a length that no server relays.
 * `no-webrtc`: there are no peer connections here. `closed`: the link is stopped for good. `no-answer`, `unreachable`: of a ping.
 */
export type PeerlineErrorCode =
  | "no-answer"
  | "unreachable"
  | "unauthenticated"
  | "invalid-option"
  | "no-webrtc"
  | "closed"
  | "invalid-extension";

/** What the client rejects with. `code` is closed and machine readable; the message names the fix. */
export class PeerlineError extends Error {
  override readonly name = "PeerlineError";
  readonly code: PeerlineErrorCode;

  constructor(code: PeerlineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** An error of this package stays what it is; everything else is `unreachable` with a cause. */
  static from(error: unknown): PeerlineError {
    if (error instanceof PeerlineError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new PeerlineError("unreachable", message, { cause: error });
  }
}
