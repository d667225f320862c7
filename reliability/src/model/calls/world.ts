import type { World } from "../core/explore.ts";
import { emptyList } from "../core/lists.ts";
import { type ClientSeams, clientSeams, stepClient } from "./client.ts";
import { callFaults, createFacts, type Facts } from "./faults.ts";
import { at, none, part, read, slot, widthFor, wire } from "./layout.ts";
import { callMoves } from "./moves/index.ts";
import type { MoveOptions } from "./moves/turn.ts";
import { type Actor, exchanging } from "./names.ts";
import { createParts, type Missing, type Parts } from "./parts.ts";
import { coldServer, warmServer } from "./server/state.ts";
import { type ServerSeams, serverSeams } from "./server/step.ts";

/** What may happen in a world of calls, and how often. */
export interface CallWorldOptions {
  readonly actors: readonly Actor[];
  /** Lost results, events delivered twice, streams that drop, mailboxes that vanish, results that never come: together. */
  readonly faults?: number;
  /** Crashes of the server that leave nothing. */
  readonly wipes?: number;
  /** Processes that die. */
  readonly deaths?: number;
  /** The window timer may pass while the call is still on its way back. Default false: only when nothing moves. */
  readonly earlyWindow?: boolean;
  /** The server repeats the stored result of a command that it has executed. Default true. */
  readonly keepsResults?: boolean;
  /** A call that nobody meant to end must live, even after a wipe. Default false. */
  readonly outlivesWipes?: boolean;
  /** The callee's endpoints make the connection while it rings. PROTOCOL 1.5. Default false. */
  readonly earlyAnswer?: boolean;
  /** Pages that are reloaded. */
  readonly reloads?: number;
  /** Connections of an accepted call that only a rebuilt one can help. */
  readonly stuck?: number;
  /** Endpoints say that they alert. Default true. */
  readonly alerts?: boolean;
  /** Actors that are each other's mirror image, and the names to exchange. */
  readonly mirror?: {
    readonly actors: readonly [number, number];
    readonly names: readonly (readonly [string, string])[];
  };
  /** Rules of the clients and of the server that are taken out. */
  readonly client?: Partial<ClientSeams>;
  readonly server?: Partial<ServerSeams>;
}

/** Sessions, calls, outboxes and the server's commands as they ship, around mailboxes that keep their contract (1.4). */
export async function createCallWorld(options: CallWorldOptions): Promise<World> {
  const { actors, mirror } = options;
  const client = withoutAlerts(options.alerts === false, { ...clientSeams, ...options.client });
  const server: ServerSeams = { ...serverSeams, ...options.server };
  const parts = createParts({
    actors,
    client,
    server,
    earlyAnswer: options.earlyAnswer ?? false,
    mirror: mirror && exchanging(mirror.names),
  });
  const facts = createFacts(actors, parts.clients, parts.records);
  const moveOptions: MoveOptions = {
    actors,
    earlyWindow: options.earlyWindow ?? false,
    keepsResults: options.keepsResults ?? true,
    cold: parts.servers.idOf(coldServer),
  };
  return {
    width: widthFor(actors.length),
    first: await firstState(parts, options, client),
    moves(state) {
      const missing: Missing = [];
      const moves = callMoves(parts, moveOptions, state, missing);
      return missing.length === 0
        ? moves
        : computed(missing).then(() => callMoves(parts, moveOptions, state, []));
    },
    faults: (state, atRest) => faultsOf(facts, options, state, atRest),
    ...(mirror && {
      mirror: (state: ArrayLike<number>) => mirrored(parts, actors.length, mirror.actors, state),
    }),
  };
}

function withoutAlerts(wanted: boolean, seams: ClientSeams): ClientSeams {
  if (!wanted) return seams;
  return {
    ...seams,
    carriesOutOfCall: (effect, because, call) =>
      !(effect.type === "signal" && effect.command.type === "alerting") &&
      seams.carriesOutOfCall(effect, because, call),
  };
}

async function computed(missing: Missing): Promise<void> {
  for (const compute of missing) await compute();
}

/** Everyone is attached, and nobody has called. */
async function firstState(parts: Parts, options: CallWorldOptions, client: ClientSeams): Promise<Int32Array> {
  const { actors, faults = 0, wipes = 0, deaths = 0 } = options;
  const first = new Int32Array(widthFor(actors.length));
  first[slot.faults] = faults;
  first[slot.wipes] = wipes;
  first[slot.deaths] = deaths;
  first[slot.reloads] = options.reloads ?? 0;
  first[slot.stuck] = options.stuck ?? 0;
  let server = parts.servers.idOf(warmServer);
  for (const [index, actor] of actors.entries()) {
    const missing: Missing = [];
    const name = parts.nameOf(`hello ${index} false`);
    const hello = () => ({ type: "hello", from: index, resumed: false }) as const;
    parts.stepServer(server, name, hello, missing);
    await computed(missing);
    const step = parts.stepServer(server, name, hello, missing);
    if (!step) throw new Error(`${actor.label} could not attach`);
    server = step.server;
    const inputs = parts.hello(false, step.snapshot, true);
    const attached = stepClient(
      client,
      actor,
      parts.freshClient(index),
      { type: "hello", sameEpoch: false, inputs },
      true,
    );
    first[at(index, part.client)] = parts.clients.idOf(attached);
    first[at(index, part.wire)] = wire.knowsEpoch | wire.hasStream;
    first[at(index, part.last)] = none;
    for (const list of [part.results, part.stored, part.mail]) first[at(index, list)] = emptyList;
  }
  first[slot.server] = server;
  return first;
}

function faultsOf(
  facts: Facts,
  options: CallWorldOptions,
  state: Int32Array,
  atRest: boolean,
): readonly string[] {
  const indices = [...options.actors.keys()];
  return callFaults(
    facts,
    {
      server: read(state, slot.server),
      clients: indices.map((actor) => read(state, at(actor, part.client))),
      dead: indices.map((actor) => (read(state, at(actor, part.wire)) & wire.isDead) !== 0),
      wasWiped: read(state, slot.wipes) < (options.wipes ?? 0),
      wasWillful: read(state, slot.willful) === 1,
      outlivesWipes: options.outlivesWipes ?? false,
    },
    atRest,
  );
}

function mirrored(
  parts: Parts,
  actors: number,
  [one, other]: readonly [number, number],
  state: ArrayLike<number>,
): Int32Array {
  const image = Int32Array.from(state);
  image[slot.server] = parts.servers.twinOf(read(state, slot.server));
  for (let actor = 0; actor < actors; actor++) {
    const source = actor === one ? other : actor === other ? one : actor;
    const last = read(state, at(source, part.last));
    image[at(actor, part.client)] = parts.clients.twinOf(read(state, at(source, part.client)));
    image[at(actor, part.wire)] = read(state, at(source, part.wire));
    image[at(actor, part.results)] = parts.resultLists.twinOf(read(state, at(source, part.results)));
    image[at(actor, part.stored)] = parts.resultLists.twinOf(read(state, at(source, part.stored)));
    image[at(actor, part.mail)] = parts.mail.twinOf(read(state, at(source, part.mail)));
    image[at(actor, part.last)] = last === none ? none : parts.events.twinOf(last);
  }
  return image;
}
