import type { SignalingInput } from "./ports.ts";
import type { SessionEvent } from "./session/events.ts";
import { fromCallState, fromPresence } from "./wire/inbound.ts";
import { translateEvent, translateResult } from "./wire/translate.ts";

/** What a message of the signaling port means to the session's machine, in order. */
export function translateInput(
  message: SignalingInput,
  roleOf: Parameters<typeof translateEvent>[1],
): readonly (SessionEvent | undefined)[] {
  switch (message.type) {
    case "hello":
      return [
        { type: "link.opened", timers: message.timers },
        message.resumed
          ? undefined
          : { type: "link.synced", calls: (message.snapshot?.calls ?? []).map(fromCallState) },
      ];
    case "caughtUp":
      return [{ type: "link.caughtUp" }];
    case "event":
      return [translateEvent(message.event, roleOf)];
    case "result":
      return [translateResult(message.action, message.result)];
    case "presence": {
      const people = message.update.items.map(fromPresence);
      return [{ type: "remote.presence", people, full: message.update.full }];
    }
    case "interrupted":
      return [{ type: "link.interrupted", cause: message.cause }];
    case "stopped":
      return [{ type: "link.stopped", code: message.code, text: message.text }];
  }
}
