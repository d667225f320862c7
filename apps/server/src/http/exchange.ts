/** What an answer's stream says of itself: Node's of HTTP/1.1, and of HTTP/2. */
export interface Answer {
  readonly writableLength: number;
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  once(event: "close", told: () => void): unknown;
  destroy(): unknown;
}

/** What a request says of itself. */
export interface Asked {
  /** It has arrived as a whole. */
  readonly complete: boolean;
}

/** One request and its answer, as long as either takes room. */
export interface Exchange {
  /** The client's. */
  readonly address: string;
  /** Who is counted as one; see `addressGroup`. */
  readonly group: string;
  readonly beganAt: number;
  readonly asked: Asked;
  readonly answer: Answer;
  /** Bytes of the body that wait here for the rest. */
  heldBytes: number;
  /** Since when the answer waits for its reader, and how much of it; see `look`. */
  unread: { readonly since: number; readonly bytes: number; readonly looks: number } | undefined;
}

/** What an answer that nobody takes costs beside its bytes: streams, headers, queues. */
const answerBytes = 8 * 1024;
/** What is on its way at the moment of one look is no reader's fault. */
const looksThatCount = 2;

/** Notes whether the answer waits for its reader. One that is taken slowly begins to wait anew with each look. */
export function look(exchange: Exchange, now: number): void {
  const { writableLength: bytes, writableEnded, writableFinished } = exchange.answer;
  const isWaiting = bytes > 0 || (writableEnded && !writableFinished);
  const { unread } = exchange;
  if (!isWaiting) exchange.unread = undefined;
  else if (unread?.bytes === bytes) exchange.unread = { ...unread, looks: unread.looks + 1 };
  else exchange.unread = { since: now, bytes, looks: 1 };
}

/** How much the process holds for an exchange because the other side does not go on, in bytes. */
export function costOf({ answer, heldBytes, unread }: Exchange): number {
  if (unread === undefined || unread.looks < looksThatCount) return heldBytes;
  return heldBytes + unread.bytes + (answer.writableEnded ? answerBytes : 0);
}

/** A half-sent request and an unread answer have their times. */
export function isOverdue(
  { asked, beganAt, unread }: Exchange,
  now: number,
  { requestMs, unreadMs }: { readonly requestMs: number; readonly unreadMs: number },
): boolean {
  if (!asked.complete && now - beganAt >= requestMs) return true;
  return unread !== undefined && now - unread.since >= unreadMs;
}

/** Whose exchanges are to go so that the rest costs at most `budget`: of the group that costs most first. */
export function overBudget(exchanges: readonly Exchange[], budget: number): readonly Exchange[] {
  const groups = new Map<string, { sum: number; readonly members: Exchange[] }>();
  let total = 0;
  for (const exchange of exchanges) {
    const cost = costOf(exchange);
    if (cost === 0) continue;
    const group = groups.get(exchange.group) ?? { sum: 0, members: [] };
    group.sum += cost;
    group.members.push(exchange);
    groups.set(exchange.group, group);
    total += cost;
  }
  if (total <= budget) return [];
  const going: Exchange[] = [];
  for (const { members, sum } of [...groups.values()].toSorted((a, b) => b.sum - a.sum)) {
    if (total <= budget) break;
    going.push(...members);
    total -= sum;
  }
  return going;
}
