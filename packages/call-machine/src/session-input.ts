import type { LinkTroubleCode, SessionStopCode, SignalingInput } from "./ports.ts";
import type { SessionEvent } from "./session/events.ts";
import { fromCallState, fromPresence } from "./wire/inbound.ts";
import { translateEvent, translateResult } from "./wire/translate.ts";

const troubles: Record<SessionStopCode, LinkTroubleCode> = {
  "signed-out": "signed-out",
  superseded: "superseded",
  "not-allowed": "refused",
  "unsupported-version": "unsupported-version",
  unauthenticated: "refused",
  misconfigured: "wrong-server",
  "bad-user": "bad-user",
  closed: "closed",
};

/** The trouble of a link that will not come back. */
export function stoppedFor(code: SessionStopCode, text: string, trouble = troubles[code]): SessionEvent {
  return { type: "link.stopped", code, trouble: { code: trouble, text } };
}

/** What a message of the signaling port means to the session's machine at `now`, in order. */
export function translateInput(
  message: SignalingInput,
  roleOf: Parameters<typeof translateEvent>[1],
  now: number,
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
    case "interrupted": {
      const { code, text, retryInMs } = message;
      const retry = Number.isFinite(retryInMs) ? { retryAt: now + retryInMs } : {};
      return [{ type: "link.interrupted", trouble: { code, text, ...retry } }];
    }
    case "stopped":
      return [stoppedFor(message.code, message.text, message.trouble)];
  }
}
