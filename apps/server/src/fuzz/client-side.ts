import { type DescMessage, isMessage, type MessageShape } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import type { Random } from "@peerline/call-machine/testing";
import {
  durationMs,
  fromCallState,
  fromPresence,
  translateEvent,
  translateResult,
} from "@peerline/call-machine/wire";
import {
  CommandSchema,
  PollResponseSchema,
  type ReceiveResponse,
  ReceiveResponseSchema,
  type SendResponse,
  SendResponseSchema,
} from "@peerline/protocol";
import { plainWords, randomMessage } from "./random-message.ts";

/** Does with a response of the service what a client does: translates it for the machines. */
export function useResponse(message: MessageShape<DescMessage>, random: Random): string {
  if (isMessage(message, ReceiveResponseSchema)) return useFrame(message, random);
  if (isMessage(message, SendResponseSchema)) return useResults(message, random);
  if (isMessage(message, PollResponseSchema)) for (const frame of message.frames) useFrame(frame, random);
  return "response used";
}

function useFrame({ frame }: ReceiveResponse, random: Random): string {
  switch (frame.case) {
    case "event": {
      const role = random.pick(["caller", "callee", "none"] as const);
      const event = translateEvent(frame.value, () => (role === "none" ? undefined : role));
      return event ? "event translated" : "event ignored";
    }
    case "hello":
      frame.value.snapshot?.calls.forEach(fromCallState);
      durationMs(frame.value.tokenValidFor);
      return "response used";
    case "presence":
      frame.value.items.forEach(fromPresence);
      return "response used";
    case "goAway":
      durationMs(frame.value.after);
      return "response used";
    default:
      return "response used";
  }
}

/** Any command may have had any result. */
function useResults({ results }: SendResponse, random: Random): string {
  for (const result of results) translateResult(someAction(random), result);
  return results.length > 0 ? "result translated" : "response used";
}

function someAction(random: Random): CommandAction {
  for (;;) {
    const { action } = randomMessage(CommandSchema, random, plainWords);
    if (action.case !== undefined) return action;
  }
}
