/** Where a mailbox stands: its incarnation, its newest offset, and the last offset that is gone. */
export interface MailboxHead {
  /** 16 hex digits. A different one means that offsets are not comparable. */
  readonly epoch: string;
  readonly top: number;
  /** Every offset up to here has been dropped. */
  readonly trimmed: number;
}

/** The event log of one endpoint: contiguous offsets from 1 within an epoch. PROTOCOL D3, 1.2. */
export interface Mailbox extends MailboxHead {
  /** The events with the offsets `trimmed + 1` to `top`. */
  readonly entries: readonly Uint8Array[];
  readonly bytes: number;
}

/** Bounds of one mailbox. Beyond them the oldest events go. PROTOCOL 1.11. */
export interface MailboxCaps {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export interface MailboxEntry {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** A client's cursor: the last offset that it has applied. */
export interface MailboxCursor {
  readonly epoch: string;
  readonly offset: number;
}

/**
 * How a stream goes on: `replay` exactly the gap; `snapshot` in the same epoch; `restart` in a new one, because the
 * client has no cursor or has seen more than the log holds. PROTOCOL 1.2.3.
 */
export type ResumeVerdict = "replay" | "snapshot" | "restart";

export function openMailbox(epoch: string): Mailbox {
  return { epoch, top: 0, trimmed: 0, entries: [], bytes: 0 };
}

/** Appends one event and drops the oldest beyond the caps; the newest always stays. */
export function appendEntry(mailbox: Mailbox, entry: Uint8Array, caps: MailboxCaps): Mailbox {
  const count = mailbox.entries.length + 1;
  let bytes = mailbox.bytes + entry.byteLength;
  let dropped = 0;
  for (const { byteLength } of mailbox.entries) {
    if (count - dropped <= caps.maxEvents && bytes <= caps.maxBytes) break;
    bytes -= byteLength;
    dropped += 1;
  }
  return {
    epoch: mailbox.epoch,
    top: mailbox.top + 1,
    trimmed: mailbox.trimmed + dropped,
    entries: [...mailbox.entries.slice(dropped), entry],
    bytes,
  };
}

/** Drops what the client has acknowledged. An acknowledgement beyond the top counts as the top. */
export function trimMailbox(mailbox: Mailbox, ackOffset: number): Mailbox {
  const upTo = Math.min(ackOffset, mailbox.top);
  const count = upTo - mailbox.trimmed;
  if (count <= 0) return mailbox;
  const entries = mailbox.entries.slice(count);
  const bytes = entries.reduce((sum, entry) => sum + entry.byteLength, 0);
  return { ...mailbox, trimmed: upTo, entries, bytes };
}

/** The events after `after`, oldest first, at most `max`. `undefined`: some of them are gone. */
export function readAfter(mailbox: Mailbox, after: number, max: number): readonly MailboxEntry[] | undefined {
  if (after < mailbox.trimmed) return undefined;
  const first = after - mailbox.trimmed;
  return mailbox.entries
    .slice(first, first + max)
    .map((bytes, index) => ({ offset: after + 1 + index, bytes }));
}

/** PROTOCOL 1.2.3. No mailbox, no cursor and a cursor ahead of the log all restart; nothing is ever replayed in part. */
export function resumeVerdict(
  head: MailboxHead | undefined,
  cursor: MailboxCursor | undefined,
): ResumeVerdict {
  if (!head || !cursor) return "restart";
  if (cursor.epoch !== head.epoch) return "snapshot";
  if (cursor.offset > head.top) return "restart";
  return cursor.offset >= head.trimmed ? "replay" : "snapshot";
}
