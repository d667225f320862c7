import type { CallInput } from "../call/context.ts";
import type { CallCommand, CallEffect } from "../call/effects.ts";
import type { CallEvent, CallTimerId } from "../call/events.ts";
import type { EndReason } from "../types.ts";
import type { CallMachineSnapshot } from "../view.ts";

/** What one step of a walk broke, in words; empty when all is well. */
export type Oracle = (
  event: CallEvent | undefined,
  effects: readonly CallEffect[],
  snapshot: CallMachineSnapshot,
) => readonly string[];

/**
 * Judges a walk by rules that were written by hand from the protocol, not from the chart: what is opened once and closed
 * at the end, which timers run where, what is said when, and how each end is called.
 */
export function createOracle(input: CallInput): Oracle {
  const timers = new Set<CallTimerId>();
  const all: CallEffect[] = [];
  let ended = false;
  let revision = 0;

  return (event, effects, snapshot) => {
    const wasEnded = ended;
    ended = snapshot.status === "done";
    if (event?.type.startsWith("timer.")) timers.delete(event.type.slice("timer.".length) as CallTimerId);
    for (const effect of effects) {
      if (effect.type === "timer.start") timers.add(effect.id);
      if (effect.type === "timer.stop") timers.delete(effect.id);
    }
    all.push(...effects);
    const said = commandsIn(effects).flatMap((command) =>
      command.type === "mediaState" ? [command.state.revision] : [],
    );
    const rising = said.every((next) => next > revision);
    revision = Math.max(revision, ...said);
    return [
      ...when(wasEnded && effects.length > 0, "effects after the end"),
      ...resources(all, ended),
      ...timersHere(timers, snapshot),
      ...order(all, input),
      ...when(!rising, "a media state with an old revision"),
      ...arrivals(event, effects, snapshot),
      ...(event && ended && !wasEnded ? ending(event, effects, all, snapshot) : []),
    ];
  };
}

function when(holds: boolean, problem: string): readonly string[] {
  return holds ? [problem] : [];
}

function commandsIn(effects: readonly CallEffect[]): readonly CallCommand[] {
  return effects.flatMap((effect) => (effect.type === "signal" ? [effect.command] : []));
}

const count = (effects: readonly CallEffect[], type: CallEffect["type"]): number =>
  effects.filter((effect) => effect.type === type).length;

/** Invariants 23 and 24: one peer connection of each generation, a newer one in its place, nothing held after the end. */
function resources(all: readonly CallEffect[], ended: boolean): readonly string[] {
  const types = all.map(({ type }) => type);
  const firstPeer = types.findIndex((type) => type.startsWith("peer.") && type !== "peer.close");
  const lastPeer = types.findLastIndex((type) => type.startsWith("peer."));
  return [
    ...when(!rises(all), "a second peer connection of the same generation"),
    ...when(count(all, "media.open") > 1, "devices opened twice"),
    ...when(
      count(all, "peer.close") !== (ended ? 1 : 0),
      "the peer connection is not closed exactly at the end",
    ),
    ...when(count(all, "media.close") !== (ended ? 1 : 0), "the devices are not closed exactly at the end"),
    ...when(firstPeer >= 0 && types[firstPeer] !== "peer.open", "a peer effect before peer.open"),
    ...when(ended && types[lastPeer] !== "peer.close", "a peer effect after peer.close"),
  ];
}

/** A connection that broke while it rang may be made again for the accept. */
function rises(all: readonly CallEffect[]): boolean {
  const generations = all.flatMap((effect) => (effect.type === "peer.open" ? [effect.generation] : []));
  const early = all.some((effect) => effect.type === "peer.setSending" && !effect.on);
  return generations.every((next, index) => {
    const last = generations[index - 1] ?? 0;
    return next > last || (early && index === 1 && next === last);
  });
}

/** By the end of the state's path: timers that must run there, and those that may. PROTOCOL 2.6. */
const timerPlan: readonly (readonly [
  state: string,
  must: readonly CallTimerId[],
  may: readonly CallTimerId[],
])[] = [
  ["outgoing.preparing", [], []],
  ["outgoing.inviting", [], ["result", "ring"]],
  ["outgoing.calling", [], ["ring"]],
  ["outgoing.ringing", [], ["ring", "result"]],
  ["outgoing.restored", ["ring"], []],
  ["incoming.offered", [], ["ring"]],
  ["incoming.ringing", [], ["ring", "window"]],
  ["accepting.preparing", [], []],
  ["accepting.confirming", [], ["result", "window"]],
  ["established.connecting", [], ["connectHalf", "connect"]],
  ["live.steady", [], []],
  ["live.shaky", ["interrupted"], []],
  ["live.renewing", ["renew"], []],
  ["established.reconnecting", ["restart", "recover"], []],
];

function timersHere(timers: ReadonlySet<CallTimerId>, snapshot: CallMachineSnapshot): readonly string[] {
  const running = [...timers].toSorted().join(" ");
  if (snapshot.status === "done") return when(timers.size > 0, `timers after the end: ${running}`);
  const here = JSON.stringify(snapshot.value).replaceAll(/[{}"]/g, "").replaceAll(":", ".");
  const plan = timerPlan.find(([state]) => here.endsWith(state));
  if (!plan) return [`a state without a plan for its timers: ${here}`];
  const [, must, may] = plan;
  const missing = must.filter((id) => !timers.has(id));
  const extra = [...timers].filter((id) => !must.includes(id) && !may.includes(id));
  // Whoever waits for someone else waits with a timer; only devices and a live call may take for ever.
  const waitsForever = timers.size === 0 && may.length > 0;
  return [
    ...when(missing.length > 0, `${here} lacks ${missing.join(" ")}`),
    ...when(extra.length > 0, `${here} has ${extra.join(" ")}`),
    ...when(waitsForever, `${here} waits without a timer`),
  ];
}

/** Nothing is said before the Invite; the Accept has the answer. */
function order(all: readonly CallEffect[], { role, earlyAnswer, restored }: CallInput): readonly string[] {
  if (restored) return [];
  const said = commandsIn(all).map(({ type }) => type);
  const accepted = said.indexOf("accept");
  const negotiating = said.findIndex((type) => ["describe", "candidates", "mediaState"].includes(type));
  // The accept was made before a restart of the server.
  const wasRebuilt = all.some((effect) => effect.type === "peer.open" && effect.generation > 1);
  const opening = said[0] === "invite" || said.length === 0;
  return [
    ...when(role === "caller" && !opening, `the caller's first word is ${said[0]}`),
    ...when(role === "callee" && said.includes("invite"), "a callee invites"),
    ...when(
      role === "callee" &&
        !earlyAnswer &&
        !wasRebuilt &&
        negotiating >= 0 &&
        (accepted < 0 || negotiating < accepted),
      "the callee negotiates before it accepts",
    ),
  ];
}

/** A media state is announced on both paths when media begins or comes back; a loss is met by one ICE restart. */
function arrivals(
  event: CallEvent | undefined,
  effects: readonly CallEffect[],
  snapshot: CallMachineSnapshot,
): readonly string[] {
  const announced = commandsIn(effects).filter(({ type }) => type === "mediaState").length;
  const live = snapshot.status === "active" && snapshot.matches({ established: "live" });
  const begins =
    live &&
    effects.some(
      (effect) => effect.type === "timer.stop" && (effect.id === "connect" || effect.id === "recover"),
    );
  const startsRecovery = effects.some((effect) => effect.type === "timer.start" && effect.id === "recover");
  // On a new network ICE has been restarted already when the media stops.
  const isRenewing = event?.type === "peer.interrupted";
  const firstRecovery = startsRecovery && event?.type !== "timer.recover" && !isRenewing;
  const remedies = count(effects, "peer.restartIce") + count(effects, "peer.open");
  return [
    ...when(begins && announced !== 1, "live without a media state"),
    ...when(
      announced !== count(effects, "peer.say") && snapshot.status === "active",
      "said on one path only",
    ),
    ...when(firstRecovery && remedies !== 1, "reconnecting without one ICE restart or one new connection"),
  ];
}

/** How an end is called, by the event that brought it; `undefined`: as the event says. PROTOCOL 2.3. */
const endByEvent: Readonly<Record<string, readonly EndReason[]>> = {
  "user.decline": ["declined"],
  "user.hangUp": ["cancelled", "declined", "hung-up"],
  "timer.ring": ["no-answer"],
  "timer.window": ["no-answer"],
  "timer.result": ["unreachable", "no-answer"],
  "timer.connect": ["connect-failed"],
  "timer.recover": ["media-lost"],
  "peer.stuck": ["negotiation-failed"],
  "server.synced": ["cancelled", "answered-elsewhere", "unreachable"],
};

/** Ends that nobody else can know of, so the server must be told. */
const mustTell: readonly string[] = [
  "user.decline",
  "timer.result",
  "timer.connect",
  "timer.recover",
  "peer.bye",
];

function ending(
  event: CallEvent,
  effects: readonly CallEffect[],
  all: readonly CallEffect[],
  { output }: CallMachineSnapshot,
): readonly string[] {
  const saidBefore = commandsIn(all).length > commandsIn(effects).length;
  const ends = commandsIn(effects).filter(({ type }) => type === "end").length;
  const expected = "reason" in event ? [event.reason] : (endByEvent[event.type] ?? []);
  const isMine = output?.by === "me";
  const untold = mustTell.includes(event.type) || (event.type === "user.hangUp" && saidBefore);
  return [
    ...when(!output || !expected.includes(output.reason), `${event.type} ended it as ${output?.reason}`),
    ...when(isMine !== isOwnDecision(event), `${event.type} is by ${output?.by}`),
    ...when(ends > 1, "the server is told twice"),
    ...when(ends === 0 && untold, `${event.type} without telling the server`),
    ...when(ends > 0 && event.type.startsWith("remote."), "the server is told what it said"),
  ];
}

function isOwnDecision({ type }: CallEvent): boolean {
  return (
    type.startsWith("user.") || ["peer.broken", "peer.stuck", "timer.connect", "timer.recover"].includes(type)
  );
}
