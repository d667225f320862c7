import { type DescMessage, type MessageShape, toBinary } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import { toHex } from "@peerline/call-machine/wire";
import {
  type Command,
  type CommandResult,
  CommandResultSchema,
  CommandSchema,
  type ReceiveResponse,
  ReceiveResponseSchema,
} from "@peerline/protocol";
import { callIdOf } from "./action.ts";
import type { Carrier } from "./carriage.ts";
import type { ObservedSignal } from "./options.ts";

/** Reports messages to an observer; measures nothing when there is none. */
export interface Observer {
  sent(command: Command): void;
  frame(frame: ReceiveResponse, carrier: Carrier): void;
  result(action: CommandAction, result: CommandResult, roundTripMs: number): void;
}

export function createObserver(
  observe: ((signal: ObservedSignal) => void) | undefined,
  now: () => number,
): Observer | undefined {
  if (observe === undefined) return undefined;
  return {
    sent(command) {
      const callId = command.action.case === undefined ? undefined : callIdOf(command.action);
      const type = command.action.case ?? "unknown";
      observe({
        direction: "sent",
        type,
        bytes: length(CommandSchema, command),
        at: now(),
        ...named(callId),
      });
    },
    frame(frame, carrier) {
      const event = frame.frame.case === "event" ? frame.frame.value : undefined;
      const type = (event ? event.body.case : frame.frame.case) ?? "unknown";
      const callId = event && event.callId.length > 0 ? toHex(event.callId) : undefined;
      const bytes = length(ReceiveResponseSchema, frame);
      observe({ direction: "received", type, bytes, at: now(), carrier, ...named(callId) });
    },
    result(action, result, roundTripMs) {
      const bytes = length(CommandResultSchema, result);
      const call = named(callIdOf(action));
      observe({ direction: "received", type: "result", bytes, at: now(), roundTripMs, ...call });
    },
  };
}

function length<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): number {
  return toBinary(schema, message).length;
}

function named(callId: string | undefined): { readonly callId?: string } {
  return callId === undefined ? {} : { callId };
}
