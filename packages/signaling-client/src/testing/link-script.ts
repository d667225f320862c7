import { ErrorCode } from "@peerline/protocol";
import { link } from "../link.ts";
import {
  idleLink,
  type LinkCommand,
  type LinkContext,
  type LinkInput,
  type LinkState,
  phaseOf,
} from "../link-state.ts";
import { SignalingError, type SignalingErrorCode } from "../signaling-error.ts";
import { defaultTiming } from "../timing.ts";

const context: LinkContext = { now: 0, random: 0.5, tokenUsable: true, timing: defaultTiming };

/** An input, and what the context was when it came. */
export type Scripted = readonly [LinkInput, Partial<LinkContext>?];

export function play(...script: readonly Scripted[]): { state: LinkState; commands: readonly LinkCommand[] } {
  let state = idleLink;
  let commands: readonly LinkCommand[] = [];
  for (const [input, at] of script) [state, commands] = link(state, input, { ...context, ...at });
  return { state, commands };
}

/** The commands of the last input, in short, and the phase it led to. */
export function outcome(...script: readonly Scripted[]): readonly string[] {
  const { state, commands } = play(...script);
  return [...commands.map(inShort), phaseOf(state)];
}

function inShort(command: LinkCommand): string {
  if (command.type === "open") {
    const by = command.carrier === "poll" ? " by poll" : "";
    return `open ${command.stream}${by}${command.useCursor ? "" : " without cursor"}`;
  }
  if (command.type === "close") return `close ${command.stream}`;
  if (command.type === "interrupted") return `interrupted ${command.retryInMs}`;
  return command.type === "stopped" ? `stopped ${command.code}` : command.type;
}

export function failed(stream: number, code: SignalingErrorCode, at: Partial<LinkContext> = {}): Scripted {
  return [{ type: "failed", stream, error: new SignalingError(code, code) }, at];
}

export function goAway(
  stream: number,
  action: "resume" | "restart" | "stop",
  afterMs = 0,
  reason: ErrorCode = ErrorCode.UNSPECIFIED,
): Scripted {
  return [{ type: "goAway", stream, action, afterMs, reason }];
}

export const start: Scripted = [{ type: "start" }];
export const hello: Scripted = [{ type: "hello", stream: 1 }];
export const live = [start, hello] as const;
export const busy: Scripted = [{ type: "paced", pace: "busy" }];
export const online = (is: boolean, now = 0): Scripted => [{ type: "network", online: is }, { now }];
export const preferPoll = (poll: boolean, now = 0): Scripted => [{ type: "preferred", poll }, { now }];
export const said = (stream: number, now = 0): Scripted => [{ type: "hello", stream }, { now }];
export const tick = (now: number): Scripted => [{ type: "tick" }, { now }];
export const wake = (now: number): Scripted => [{ type: "wake" }, { now }];
