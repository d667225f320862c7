import { initialTransition, transition } from "xstate";
import type { CallCommand } from "../call/effects.ts";
import type { SessionInput } from "../session/context.ts";
import type { SessionEffect, SessionEvent } from "../session/events.ts";
import { sessionMachine } from "../session/machine.ts";
import type { CallSnapshot, RemoteUser } from "../types.ts";
import type { SessionMachineSnapshot } from "../view.ts";
import { sampleCandidates, sampleOffer } from "./call-samples.ts";
import { effectsOf } from "./call-table.ts";
import type { Walkable } from "./transition-table.ts";

export const ids = {
  own: "0a".repeat(16),
  theirs: "0b".repeat(16),
  other: "0c".repeat(16),
} as const;

export const remotes: Readonly<Record<"ben" | "eve", RemoteUser>> = {
  ben: { user: "ben", displayName: "Ben" },
  eve: { user: "eve", displayName: "Eve" },
};

/** A call that rings here. */
export function incomingCall(changes: Partial<CallSnapshot> = {}): CallSnapshot {
  return {
    callId: ids.theirs,
    rev: 1,
    phase: "ringing",
    role: "callee",
    remote: remotes.ben,
    kind: "video",
    ringRemainingMs: 60_000,
    endReason: undefined,
    mine: false,
    descriptions: [sampleOffer],
    candidates: [sampleCandidates],
    media: undefined,
    ...changes,
  };
}

export function startLine(
  input: Partial<SessionInput> = {},
): readonly [SessionMachineSnapshot, readonly SessionEffect[]] {
  const [snapshot, actions] = initialTransition(sessionMachine, { user: "ana", ...input });
  return [snapshot, effectsOf(actions)];
}

export function stepLine(
  snapshot: SessionMachineSnapshot,
  event: SessionEvent,
): readonly [SessionMachineSnapshot, readonly SessionEffect[]] {
  const [next, actions] = transition(sessionMachine, snapshot, event);
  return [next, effectsOf(actions)];
}

/** Every event of the session machine, in the variants that its decisions tell apart. */
export const sessionEvents: Readonly<Record<string, SessionEvent>> = {
  "user.dial (ben)": { type: "user.dial", callId: ids.own, callee: remotes.ben, kind: "audio" },
  "user.signOut": { type: "user.signOut" },
  "link.opened": { type: "link.opened", timers: {} },
  "link.synced (nothing)": { type: "link.synced", calls: [] },
  "link.synced (own rings)": {
    type: "link.synced",
    calls: [incomingCall({ callId: ids.own, role: "caller" })],
  },
  "link.synced (theirs rings)": { type: "link.synced", calls: [incomingCall()] },
  "link.synced (theirs is active here)": {
    type: "link.synced",
    calls: [incomingCall({ phase: "active", mine: true })],
  },
  "link.caughtUp": { type: "link.caughtUp" },
  "link.interrupted": {
    type: "link.interrupted",
    trouble: { code: "unreachable", text: "a reason", retryAt: 1_000 },
  },
  "link.stopped": {
    type: "link.stopped",
    code: "superseded",
    trouble: { code: "superseded", text: "another tab took over" },
  },
  "remote.incoming (ben)": { type: "remote.incoming", call: incomingCall() },
  "remote.incoming (ben, 2.9 s left)": {
    type: "remote.incoming",
    call: incomingCall({ ringRemainingMs: 2_900 }),
  },
  "remote.incoming (eve)": {
    type: "remote.incoming",
    call: incomingCall({ callId: ids.other, remote: remotes.eve }),
  },
  "remote.missed (eve)": {
    type: "remote.missed",
    call: incomingCall({ callId: ids.other, remote: remotes.eve, phase: "ended", endReason: "busy" }),
  },
  "remote.signalled (theirs ended unanswered)": {
    type: "remote.signalled",
    callId: ids.theirs,
    event: { type: "remote.ended", rev: 9, reason: "no-answer", by: "server" },
  },
  "remote.signalled (own invited)": {
    type: "remote.signalled",
    callId: ids.own,
    event: { type: "server.invited", ringRemainingMs: 60_000 },
  },
  "remote.signalled (own accepted)": {
    type: "remote.signalled",
    callId: ids.own,
    event: { type: "remote.accepted", rev: 2, mine: false, kind: "audio", answer: undefined },
  },
  "remote.signalled (theirs accepted by me)": {
    type: "remote.signalled",
    callId: ids.theirs,
    event: { type: "server.accepted" },
  },
  "remote.crossed (own, by theirs)": { type: "remote.crossed", callId: ids.own, call: incomingCall() },
  "remote.presence": {
    type: "remote.presence",
    people: [{ ...remotes.ben, availability: "online", bot: false, version: 1 }],
    full: false,
  },
  "call.finished (own, by me)": finished(ids.own, "me"),
  "call.finished (own, by server)": finished(ids.own, "server"),
  "call.finished (theirs, by me)": finished(ids.theirs, "me"),
  "call.finished (theirs, by them)": finished(ids.theirs, "them"),
};

function finished(callId: string, by: "me" | "them" | "server"): SessionEvent {
  return {
    type: "call.finished",
    output: { callId, reason: "hung-up", by, liveSince: undefined, interruptions: 0 },
  };
}

const names: Readonly<Record<string, string>> = {
  [ids.own]: "own",
  [ids.theirs]: "theirs",
  [ids.other]: "other",
};

export function lineSituation({ value, context }: SessionMachineSnapshot): string {
  const calls = context.calls.map(
    ({ callId, standing }) => `${names[callId]}${standing ? ` (${standing})` : ""}`,
  );
  const over = context.tombstones.slice(0, 1).map(({ callId, by }) => `${names[callId]} ended by ${by}`);
  const facts = [context.replaying && "replaying", Object.keys(context.people).length > 0 && "knows ben"];
  return [value, ...calls, ...over, ...facts.filter((fact) => typeof fact === "string")].join(", ");
}

/** What happened before, by name: the situations that the line's decisions tell apart. */
const histories: Readonly<Record<string, readonly string[]>> = {
  "just started": [],
  "events of an outage are being applied": ["link.opened"],
  "nobody calls": online(),
  "calling ben": online("user.dial (ben)"),
  "calling ben, and the server knows": online("user.dial (ben)", "remote.signalled (own invited)"),
  "ben calls": online("remote.incoming (ben)"),
  "ben called too late to ring": online("remote.incoming (ben, 2.9 s left)"),
  "ben's call was taken instead of the own one": online("user.dial (ben)", "remote.incoming (ben)"),
  "the own call was ended here": online("user.dial (ben)", "call.finished (own, by me)"),
  "the own call was ended by the server": online("user.dial (ben)", "call.finished (own, by server)"),
  "ben's call was ended here": online("remote.incoming (ben)", "call.finished (theirs, by me)"),
  "ben ended the call": online("remote.incoming (ben)", "call.finished (theirs, by them)"),
  "the stream is down": online("link.interrupted"),
  "the stream is down while ben calls": online("remote.incoming (ben)", "link.interrupted"),
  "the session is over": online("link.stopped"),
};

function online(...events: readonly string[]): readonly string[] {
  return ["link.opened", "link.caughtUp", ...events];
}

const bot = { capacity: 2, autoAccept: "audio" } as const;

const lines: Readonly<Record<string, readonly [SessionMachineSnapshot, readonly SessionEffect[]]>> = {
  ...Object.fromEntries(Object.entries(histories).map(([name, events]) => [name, lineAfter({}, events)])),
  "a bot with room for two": lineAfter(bot, online()),
  "a bot that calls ben": lineAfter(bot, online("user.dial (ben)")),
  "a bot that talks with ben": lineAfter(bot, online("user.dial (ben)", "remote.signalled (own accepted)")),
  "a bot whose line is full": lineAfter(bot, online("remote.incoming (eve)", "user.dial (ben)")),
};

/** The line after events that are named as in `sessionEvents`, with the last one's effects. */
export function lineAfter(
  input: Partial<SessionInput>,
  events: readonly string[],
): readonly [SessionMachineSnapshot, readonly SessionEffect[]] {
  let [snapshot, effects] = startLine(input);
  for (const name of events) {
    const event = sessionEvents[name];
    if (!event) throw new Error(`no sample event "${name}"`);
    [snapshot, effects] = stepLine(snapshot, event);
  }
  return [snapshot, effects];
}

export const walkableLine: Walkable<SessionMachineSnapshot, SessionEvent, SessionEffect> = {
  starts: lines,
  events: () => sessionEvents,
  step: stepLine,
  situation: lineSituation,
  isOver: () => false,
  explored: false,
  words: (effects) => effects.map(effectWords),
};

function effectWords(effect: SessionEffect): string {
  switch (effect.type) {
    case "call.start":
      return `call.start ${names[effect.input.callId]}${startWords(effect)}`;
    case "call.deliver":
      return `call.deliver ${names[effect.callId]} ${effect.event.type}`;
    case "signal":
      return `signal ${names[effect.callId]} ${commandWords(effect.command)}`;
    case "call.missed":
      return `call.missed ${names[effect.call.callId]} ${effect.reason}`;
    case "link.stop":
      return "link.stop";
  }
}

function startWords({ input }: Extract<SessionEffect, { type: "call.start" }>): string {
  const words = [
    input.role,
    input.replaying && "replaying",
    input.autoAccept && `accepts ${input.autoAccept}`,
  ];
  return ` (${words.filter((word) => typeof word === "string").join(", ")})`;
}

function commandWords(command: CallCommand): string {
  return command.type === "end" ? `end ${command.reason}` : command.type;
}
