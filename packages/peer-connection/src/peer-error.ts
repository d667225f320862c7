/** What went wrong; each has one fix, named in the message. */
export type PeerErrorCode =
  /** `createConnection` threw: the platform has no WebRTC, or the configuration is refused. */
  | "no-connection"
  /** The text is empty or longer than 8 KiB of UTF-8. */
  | "bad-chat-text"
  /** The platform did not answer in time. */
  | "timeout"
  | "unexpected";

/** The one error of this package. `code` is closed; `cause` is what was caught. */
export class PeerError extends Error {
  override readonly name = "PeerError";
  readonly code: PeerErrorCode;

  constructor(code: PeerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Any thrown value as a `PeerError`; one that already is comes back as it was. */
  static from(thrown: unknown, code: PeerErrorCode = "unexpected"): PeerError {
    if (thrown instanceof PeerError) return thrown;
    const message = thrown instanceof Error ? thrown.message : textOf(thrown);
    return new PeerError(code, message, { cause: thrown });
  }
}

/** Not everything can be made a text of. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return typeof thrown;
  }
}
