import type { CallInput, CallOutput } from "./call/context.ts";
import type { CallEvent } from "./call/events.ts";
import type { SessionPorts } from "./ports.ts";
import { type RunningCall, runCall } from "./run-call.ts";
import type { CallId, Role } from "./types.ts";
import type { CallView } from "./view.ts";

/** The calls of a session that have a machine, and the last one's final view. */
export interface RunningCalls {
  start(input: CallInput): void;
  /** To a call that has no machine: nothing. */
  send(callId: CallId, event: CallEvent): void;
  roleOf(callId: CallId): Role | undefined;
  /** Oldest first. */
  views(): readonly CallView[];
  /** The call that ended last, until another starts or it is dismissed. */
  ended(): CallView | undefined;
  dismiss(): void;
  /** Releases every call's connection and devices. */
  abandon(sayBye: boolean): void;
}

/** `onFinished` comes once per call, `onChange` after each transition of any. */
export function createRunningCalls(
  ports: SessionPorts,
  { onFinished, onChange }: { onFinished(output: CallOutput): void; onChange(): void },
): RunningCalls {
  const calls = new Map<CallId, RunningCall>();
  let ended: CallView | undefined;

  function changed(call: RunningCall): void {
    const output = call.output();
    if (output && calls.delete(output.callId)) {
      ended = call.view();
      ports.memory?.save(output.callId, undefined);
      onFinished(output);
    }
    ports.signaling.setCalls([...calls.values()].map((running) => running.health()));
    onChange();
  }

  return {
    start(input) {
      ended = undefined;
      const call = runCall(ports, remembered(ports, input), changed);
      calls.set(input.callId, call);
      call.start();
    },
    send: (callId, event) => calls.get(callId)?.send(event),
    roleOf: (callId) => calls.get(callId)?.role,
    views: () => [...calls.values()].map((call) => call.view()),
    ended: () => ended,
    dismiss() {
      ended = undefined;
    },
    abandon(sayBye) {
      for (const call of calls.values()) call.abandon(sayBye);
    },
  };
}

/** A reloaded page knows better than the server what it sent, when that was not told any more. */
function remembered({ memory }: SessionPorts, input: CallInput): CallInput {
  const media = input.restored && memory?.load(input.callId);
  if (!input.restored || !media || media.revision <= (input.restored.media?.revision ?? 0)) return input;
  return { ...input, restored: { ...input.restored, media } };
}
