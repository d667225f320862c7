import type { Event } from "@peerline/protocol";
import type { CallInput, CallOutput } from "./call/context.ts";
import type { CallEvent } from "./call/events.ts";
import type { SessionPorts } from "./ports.ts";
import type { RecentLog } from "./recent-log.ts";
import { type RunningCall, runCall } from "./run-call.ts";
import type { CallId, Role } from "./types.ts";
import type { CallView } from "./view.ts";
import { toHex } from "./wire/ids.ts";
import { nameFrom } from "./wire/values.ts";

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
  /** Before the event is taken: which of the person's other devices has the call that ends. PROTOCOL row 11. */
  nameDevice(event: Event): void;
  /** Forgets that one; its id. */
  dismiss(): readonly CallId[];
  /** Releases every call's connection and devices, and knows none of them any more. */
  abandon(sayBye: boolean): void;
}

/** `onFinished` comes once per call, `onChange` after each transition of any. `recent` is told of every start and end. */
export function createRunningCalls(
  ports: SessionPorts,
  recent: Pick<RecentLog, "rings" | "ended">,
  { onFinished, onChange }: { onFinished(output: CallOutput): void; onChange(): void },
): RunningCalls {
  const calls = new Map<CallId, RunningCall>();
  const devices = new Map<CallId, string>();
  let ended: CallView | undefined;

  function changed(call: RunningCall): void {
    const output = call.output();
    if (output && calls.delete(output.callId)) {
      ended = withDevice(call.view(), devices.get(output.callId));
      devices.delete(output.callId);
      ports.memory?.save(output.callId, undefined);
      recent.ended(ended);
      onFinished(output);
    }
    ports.signaling.setCalls([...calls.values()].map((running) => running.health()));
    onChange();
  }

  return {
    start(input) {
      ended = undefined;
      recent.rings(input.callId);
      const call = runCall(ports, remembered(ports, input), changed);
      calls.set(input.callId, call);
      call.start();
    },
    send: (callId, event) => calls.get(callId)?.send(event),
    roleOf: (callId) => calls.get(callId)?.role,
    views: () => [...calls.values()].map((call) => call.view()),
    ended: () => ended,
    nameDevice({ callId: id, body }) {
      const device = body.case === "ended" ? nameFrom(body.value.deviceLabel) : undefined;
      if (device === undefined) return;
      const callId = toHex(id);
      if (calls.has(callId)) devices.set(callId, device);
      if (ended?.callId !== callId) return;
      ended = withDevice(ended, device);
      recent.ended(ended);
      onChange();
    },
    dismiss() {
      const dismissed = ended ? [ended.callId] : [];
      ended = undefined;
      return dismissed;
    },
    abandon(sayBye) {
      for (const call of calls.values()) call.abandon(sayBye);
      calls.clear();
    },
  };
}

function withDevice(view: CallView, device: string | undefined): CallView {
  return view.end && device ? { ...view, end: { ...view.end, device } } : view;
}

/** A reloaded page knows better than the server what it sent, when that was not told any more. */
function remembered({ memory }: SessionPorts, input: CallInput): CallInput {
  const media = input.restored && memory?.load(input.callId);
  if (!input.restored || !media || media.revision <= (input.restored.media?.revision ?? 0)) return input;
  return { ...input, restored: { ...input.restored, media } };
}
