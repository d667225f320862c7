import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { type Event, EventSchema } from "@peerline/protocol";

/** One endpoint's event log: offsets are contiguous from 1 in an epoch. PROTOCOL 1.2, D3. */
export interface Mailbox {
  epoch(): string;
  /** The newest offset; 0 when empty. */
  top(): number;
  push(event: MessageInitShape<typeof EventSchema>): void;
  /** Everything behind an offset, in order. */
  after(offset: number): readonly Event[];
  /** Told of each event as it is pushed. One at a time; `undefined` for none. */
  listen(listener: ((event: Event) => void) | undefined): void;
  /** The log is lost: a new epoch begins. */
  forget(epoch: string): void;
}

export function createMailbox(firstEpoch: string): Mailbox {
  let epoch = firstEpoch;
  let events: Event[] = [];
  let listener: ((event: Event) => void) | undefined;
  return {
    epoch: () => epoch,
    top: () => events.length,
    push(init) {
      const event = create(EventSchema, { ...init, offset: BigInt(events.length + 1) });
      events.push(event);
      listener?.(event);
    },
    after: (offset) => events.slice(offset),
    listen(next) {
      listener = next;
    },
    forget(next) {
      epoch = next;
      events = [];
    },
  };
}
