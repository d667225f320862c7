import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type Command,
  type CommandResult,
  CommandResultSchema,
  ErrorCode,
  type Event,
  EventSchema,
  type ReceiveRequest,
  type ReceiveResponse,
} from "@peerline/protocol";

export type EventBody = NonNullable<MessageInitShape<typeof EventSchema>["body"]>;

/** A stream as the service sees it: frames go in, an error or a plain end closes it. */
export interface Outlet {
  readonly frame: (frame: ReceiveResponse["frame"]) => void;
  readonly end: (error?: unknown) => void;
}

/** An outlet that is emptied by one Poll after another. */
export interface PolledOutlet extends Outlet {
  readonly take: (signal: AbortSignal, hold: boolean) => Promise<ReceiveResponse[]>;
}

/** The server's side of one endpoint: an event log and the numbers of executed commands. PROTOCOL 1.2, 1.3. */
export interface LoopbackMailbox {
  epoch: Uint8Array<ArrayBuffer>;
  log: Event[];
  /** Executed commands of this epoch, in order. */
  executed: Command[];
  results: Map<bigint, CommandResult>;
  generation: bigint;
  outlet: Outlet | undefined;
  /** The outlet, while it is a poll's. */
  polled: PolledOutlet | undefined;
  /** The newest request that was served. */
  served: ReceiveRequest["life"];
}

const epochBytes = 8;

export function createMailbox(epochNumber: number): LoopbackMailbox {
  return {
    epoch: epochOf(epochNumber),
    log: [],
    executed: [],
    results: new Map(),
    generation: 0n,
    outlet: undefined,
    polled: undefined,
    served: undefined,
  };
}

function epochOf(number: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(epochBytes).fill(number);
}

/** Forgets everything, as a server does that lost its store. */
export function forget(mailbox: LoopbackMailbox, epochNumber: number): void {
  mailbox.epoch = epochOf(epochNumber);
  mailbox.log = [];
  mailbox.executed = [];
  mailbox.results = new Map();
}

export function append(mailbox: LoopbackMailbox, body: EventBody, callId: Uint8Array): Event {
  const event = create(EventSchema, { offset: BigInt(mailbox.log.length + 1), callId, body });
  mailbox.log.push(event);
  return event;
}

/** Runs what is next, repeats what was run, refuses what comes too early: then nothing after it runs. */
export function execute(mailbox: LoopbackMailbox, commands: readonly Command[]): CommandResult[] {
  const results: CommandResult[] = [];
  for (const command of commands) {
    const expectedSeq = BigInt(mailbox.executed.length + 1);
    if (command.clientSeq > expectedSeq) {
      const error = { code: ErrorCode.OUT_OF_ORDER, text: "a command is missing", expectedSeq };
      results.push(create(CommandResultSchema, { clientSeq: command.clientSeq, error }));
      break;
    }
    if (command.clientSeq === expectedSeq) {
      mailbox.executed.push(command);
      mailbox.results.set(
        command.clientSeq,
        create(CommandResultSchema, { clientSeq: command.clientSeq, applied: true }),
      );
    }
    const result = mailbox.results.get(command.clientSeq);
    if (result) results.push(result);
  }
  return results;
}
