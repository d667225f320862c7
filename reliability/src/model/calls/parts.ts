import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { CommandAction, SignalingInput } from "@peerline/call-machine";
import type { CallRecord } from "@peerline/call-machine/record";
import { type CommandResult, CommandResultSchema, EventSchema, SnapshotSchema } from "@peerline/protocol";
import type { Rename } from "../core/canonical.ts";
import { createInterner, type Interner } from "../core/interner.ts";
import { createLists, type Lists } from "../core/lists.ts";
import {
  type ClientInput,
  type ClientSeams,
  type ClientState,
  clientView,
  startClient,
  stepClient,
} from "./client.ts";
import { type LocalMove, localMoves } from "./local-moves.ts";
import { type Actor, actorAt, describeAction } from "./names.ts";
import { recordsOf, type ServerInput, type ServerState } from "./server/state.ts";
import { type ServerSeams, stepServer } from "./server/step.ts";

/** A step of the server in numbers. */
export interface KnownServerStep {
  readonly server: number;
  readonly mail: readonly { readonly to: number; readonly event: number }[];
  /** Of a command. */
  readonly result: number;
  /** Of a Hello that does not resume. */
  readonly snapshot: number;
  readonly faults: readonly string[] | undefined;
}

/** What the moves need to know of a client, computed once. */
export interface ClientFacts {
  /** The commands under way. */
  readonly batch: readonly { readonly id: number; readonly action: CommandAction; readonly name: string }[];
  readonly hears: string;
  /** Nothing comes of the results but that the next commands can leave. */
  readonly hearsNothing: boolean;
  readonly waits: boolean;
  readonly isWorking: boolean;
  /** It has no call, and had none. */
  readonly isIdle: boolean;
  readonly locals: readonly LocalMove[];
  /** It has no call and will make none. */
  readonly isDone: boolean;
}

export type Missing = (() => Promise<void>)[];

/** The parts of a world, interned; each step of each part is computed once. */
export interface Parts {
  readonly clients: Interner<ClientState>;
  readonly servers: Interner<ServerState>;
  readonly events: Interner<Uint8Array>;
  readonly mail: Lists;
  readonly results: Interner<Uint8Array>;
  readonly resultLists: Lists;
  /** The calls that the server knows. */
  records(server: number): readonly CallRecord[];
  facts(actor: number, client: number): ClientFacts;
  /** `kind` and `detail` name the input. Throws what the machines throw. */
  stepClient(step: ClientStepKey, input: () => ClientInput): number;
  /** `undefined`: not known yet; what computes it is added to `missing`. */
  stepServer(
    server: number,
    name: number,
    input: () => ServerInput,
    missing: Missing,
  ): KnownServerStep | undefined;
  freshClient(actor: number): ClientState;
  /** A client that knows nothing but whom it has called. */
  reloaded(actor: number, client: number): number;
  /** The number of an input of the server. */
  nameOf(input: string): number;
  eventName(event: number): string;
  hello(resumed: boolean, snapshot: number, caughtUp: boolean): readonly SignalingInput[];
  eventInputs(event: number, catchesUp: boolean): readonly SignalingInput[];
  resultsOf(list: number): readonly CommandResult[];
}

export interface ClientStepKey {
  readonly actor: number;
  readonly client: number;
  readonly kind: "event" | "results" | "hello" | "local";
  readonly detail: number;
  readonly live: boolean;
}

export interface PartsOptions {
  readonly actors: readonly Actor[];
  readonly client: ClientSeams;
  readonly server: ServerSeams;
  readonly mirror: Rename | undefined;
  readonly earlyAnswer: boolean;
}

const unordered = new Set(["offered", "alerting", "left", "endpoints", "manyCalls", "calls"]);
const unimportant = new Set(["timers", "people"]);
const kinds = { event: 0, results: 1, hello: 2, local: 3 } as const;
const kindBits = 3;
const maxActors = 16;
const maxServerInputs = 2 ** 20;

export function createParts({ actors, client, server, mirror, earlyAnswer }: PartsOptions): Parts {
  const clients = createInterner<ClientState>({ view: clientView, skip: unimportant, mirror });
  const servers = createInterner<ServerState>({ unordered, mirror });
  const events = createInterner<Uint8Array>({ mirror });
  const results = createInterner<Uint8Array>({ mirror });
  const snapshots = createInterner<Uint8Array>({ mirror });
  const mail = createLists(events);
  const resultLists = createLists(results);
  const actions = createInterner<CommandAction>({});
  const facts = actors.map((): ClientFacts[] => []);
  const records: (readonly CallRecord[])[] = [];
  const serverSteps = new Map<number, KnownServerStep>();
  const eventNames: string[] = [];

  function factsOf(actor: number, id: number): ClientFacts {
    const own = facts[actor] ?? [];
    own[id] ??= describe(actorAt(actors, actor), clients.get(id), client, actions);
    return own[id];
  }

  const freshClient = (actor: number) => startClient(client, actorAt(actors, actor), earlyAnswer);

  async function compute(id: number, input: ServerInput): Promise<KnownServerStep> {
    const step = await stepServer(actors, server, servers.get(id), input);
    const result = toBinary(CommandResultSchema, step.result ?? create(CommandResultSchema));
    const snapshot = create(SnapshotSchema, { calls: [...(step.snapshot ?? [])] });
    return {
      server: servers.idOf(step.server),
      mail: step.mail.map(({ to, bytes }) => ({ to, event: events.idOf(bytes) })),
      result: results.idOf(result),
      snapshot: snapshots.idOf(toBinary(SnapshotSchema, snapshot)),
      faults: step.faults.length > 0 ? step.faults : undefined,
    };
  }

  return {
    clients,
    servers,
    events,
    mail,
    results,
    resultLists,
    records(id) {
      records[id] ??= recordsOf(servers.get(id));
      return records[id];
    },
    facts: factsOf,
    stepClient: createClientSteps((actor, id, input, live) =>
      clients.idOf(stepClient(client, actorAt(actors, actor), clients.get(id), input, live)),
    ),
    stepServer(id, name, input, missing) {
      const key = id * maxServerInputs + name;
      const known = serverSteps.get(key);
      if (!known) missing.push(async () => void serverSteps.set(key, await compute(id, input())));
      return known;
    },
    freshClient,
    reloaded: (actor, id) => clients.idOf({ ...freshClient(actor), hasDialed: clients.get(id).hasDialed }),
    nameOf: createNumbering(),
    eventName(event) {
      eventNames[event] ??= capitalised(fromBinary(EventSchema, events.get(event)).body.case ?? "unknown");
      return eventNames[event];
    },
    hello: (resumed, snapshot, caughtUp) => helloOf(resumed ? undefined : snapshots.get(snapshot), caughtUp),
    eventInputs: (event, catchesUp) => [
      { type: "event", event: fromBinary(EventSchema, events.get(event)) },
      ...(catchesUp ? [{ type: "caughtUp" } as const] : []),
    ],
    resultsOf: (list) =>
      resultLists.values(list).map((result) => fromBinary(CommandResultSchema, results.get(result))),
  };
}

/** Each step of each client once. */
function createClientSteps(
  compute: (actor: number, client: number, input: ClientInput, live: boolean) => number,
): Parts["stepClient"] {
  const steps = new Map<number, Map<number, number>>();
  return ({ actor, client, kind, detail, live }, input) => {
    const place = client * maxActors + actor;
    const known = steps.get(place) ?? new Map<number, number>();
    steps.set(place, known);
    const key = (detail << kindBits) | (kinds[kind] << 1) | (live ? 1 : 0);
    const next = known.get(key) ?? compute(actor, client, input(), live);
    known.set(key, next);
    return next;
  };
}

/** Without a snapshot the stream resumes. */
function helloOf(bytes: Uint8Array | undefined, caughtUp: boolean): readonly SignalingInput[] {
  const snapshot = bytes && fromBinary(SnapshotSchema, bytes);
  const hello = { type: "hello", resumed: !snapshot, snapshot, timers: {}, iceServers: [] } as const;
  return caughtUp ? [hello, { type: "caughtUp" }] : [hello];
}

function createNumbering(): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
}

function describe(
  actor: Actor,
  state: ClientState,
  seams: ClientSeams,
  actions: Interner<CommandAction>,
): ClientFacts {
  const { outbox, calls } = state;
  const batch = outbox.batch.map(({ action }) => {
    const what = describeAction(action);
    return { id: actions.idOf(action), action, name: `the server executes ${actor.label}'s ${what}` };
  });
  const locals = localMoves(actor, state, seams);
  const heard = outbox.batch.map(({ action }) => describeAction(action)).join(", ");
  return {
    batch,
    hears: `${actor.label} hears what became of ${heard}`,
    hearsNothing: outbox.batch.every(({ action }) => !speaking.has(action.case)),
    waits: outbox.batch.length > 0 || outbox.queue.length > 0,
    isWorking: calls.some(({ opensMedia, peer }) => opensMedia || peer?.op !== undefined),
    isIdle: calls.length === 0 && state.session.context.tombstones.length === 0,
    locals,
    isDone:
      calls.length === 0 && locals.length === 0 && outbox.queue.length === 0 && outbox.batch.length === 0,
  };
}

/** Commands whose results the machines hear. */
const speaking: ReadonlySet<string> = new Set(["invite", "accept", "reattach"]);

function capitalised(word: string): string {
  return `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
