import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { CommandAction } from "@peerline/call-machine";
import type { CallRecord } from "@peerline/call-machine/record";
import { nextDeadline } from "@peerline/call-machine/record";
import { fromHex, toHex } from "@peerline/call-machine/wire";
import {
  type CallState,
  type CommandResult,
  CommandResultSchema,
  CommandSchema,
  ReceiveRequestSchema,
} from "@peerline/protocol";
import { type Key, ServerError, type Transaction } from "@peerline/server";
import {
  attach,
  type CallEntry,
  type CommandScene,
  callKey,
  decideCall,
  defaultServerLimits,
  defaultServerTimers,
  errorDetail,
  runCommand,
  type Scene,
  type Services,
  type TicketClaim,
  type Tickets,
  type UserEntry,
  userKey,
} from "@peerline/server/testing";
import { type Actor, endpointIdOf, keyOf } from "./names.ts";
import { recordFaults } from "./record-faults.ts";

/** All that the server knows, but for mailboxes and stored results: those belong to the wires. */
export interface ServerState {
  readonly values: Readonly<Record<string, unknown>>;
  /** It began with nothing just now. */
  readonly isCold: boolean;
}

/** An event for the mailbox of an actor. */
export interface Mail {
  readonly to: number;
  readonly bytes: Uint8Array;
}

export interface ServerStep {
  readonly server: ServerState;
  readonly mail: readonly Mail[];
  readonly result?: CommandResult;
  /** Of a Hello that does not resume. */
  readonly snapshot?: readonly CallState[];
  readonly faults: readonly string[];
}

export type ServerInput =
  | { readonly type: "command"; readonly from: number; readonly action: CommandAction }
  | { readonly type: "hello"; readonly from: number; readonly resumed: boolean }
  | { readonly type: "ringExpired"; readonly callId: string }
  /** The actor's lease, or the grace after its stream was lost, ran out. */
  | { readonly type: "lost"; readonly from: number };

/** Where a rule of the server can be taken out. */
export interface ServerSeams {
  /** Runs a command; `proceed` is the server's own way. */
  readonly run: (
    scene: CommandScene,
    action: CommandAction,
    proceed: typeof runCommand,
  ) => ReturnType<typeof runCommand>;
  /** Whether an event is put into the mailbox. */
  readonly appends: (action: CommandAction | undefined, to: Actor, bytes: Uint8Array) => boolean;
}

export const serverSeams: ServerSeams = {
  run: (scene, action, proceed) => proceed(scene, action),
  appends: () => true,
};

export const coldServer: ServerState = { values: {}, isCold: true };
export const warmServer: ServerState = { values: {}, isCold: false };

/** Every step happens at this moment, but for the deadlines that pass. */
const nowMs = 1_000_000_000;
const longAgoMs = 0;

/** The server's own commands, attachments and deadlines over a transaction in memory. */
export async function stepServer(
  actors: readonly Actor[],
  seams: ServerSeams,
  server: ServerState,
  input: ServerInput,
): Promise<ServerStep> {
  const attempt = createAttempt(actors, server, input);
  const scene = sceneOf(actors, attempt, server, input);
  const answer = await run(actors, seams, scene, input);
  const after: ServerState = { ...server, values: attempt.values };
  const action = input.type === "command" ? input.action : undefined;
  const mail = attempt.mail.filter(({ to, bytes }) => seams.appends(action, actorAt(actors, to), bytes));
  const acting = "from" in input ? keyOf(actorAt(actors, input.from)) : undefined;
  return { server: after, mail, faults: recordFaults(server, after, input, acting), ...answer };
}

/** The calls that the server knows of. */
export function recordsOf(server: ServerState): readonly CallRecord[] {
  return Object.entries(server.values)
    .filter(([name]) => name.startsWith("call:"))
    .map(([, entry]) => (entry as CallEntry).record);
}

async function run(
  actors: readonly Actor[],
  seams: ServerSeams,
  scene: Scene,
  input: ServerInput,
): Promise<Pick<ServerStep, "result" | "snapshot">> {
  switch (input.type) {
    case "command":
      return { result: await execute(actors, seams, scene, input) };
    case "hello": {
      const actor = actorAt(actors, input.from);
      const attached = await attach(
        scene,
        identityOf(actor),
        keyOf(actor),
        receiveRequest(actor, input.resumed),
      );
      return attached.snapshot ? { snapshot: attached.snapshot } : {};
    }
    case "ringExpired":
      await decideCall(scene, input.callId, { type: "ringExpired", at: scene.now });
      return {};
    case "lost":
      for (const { callId } of recordsOf({ values: valuesOf(scene), isCold: false })) {
        const key = keyOf(actorAt(actors, input.from));
        await decideCall(scene, callId, { type: "endpointLost", at: scene.now, key });
      }
      return {};
  }
}

async function execute(
  actors: readonly Actor[],
  seams: ServerSeams,
  scene: Scene,
  { from, action }: Extract<ServerInput, { type: "command" }>,
): Promise<CommandResult> {
  const actor = actorAt(actors, from);
  const user = await scene.transaction.get(userKey(actor.user));
  const endpoint = user?.endpoints.find(({ key }) => key === keyOf(actor));
  if (!endpoint) throw new Error(`${actor.label} sends without being attached`);
  const commandScene: CommandScene = { ...scene, identity: identityOf(actor), key: keyOf(actor), endpoint };
  const result = create(CommandResultSchema, {});
  try {
    const outcome = await seams.run(commandScene, overTheWire(action), runCommand);
    result.applied = outcome.applied;
    if (outcome.state) result.state = outcome.state;
    if (outcome.ticket) result.ticket = outcome.ticket;
  } catch (reason) {
    if (!(reason instanceof ServerError)) throw reason;
    result.error = errorDetail(reason);
  }
  return result;
}

/** The server changes the messages that it is given. */
function overTheWire(action: CommandAction): CommandAction {
  const bytes = toBinary(CommandSchema, create(CommandSchema, { action }));
  return fromBinary(CommandSchema, bytes).action as CommandAction;
}

interface Attempt {
  readonly values: Record<string, unknown>;
  readonly mail: Mail[];
  readonly transaction: Transaction;
}

const attempts = new WeakMap<Transaction, Attempt>();

function valuesOf(scene: Scene): Record<string, unknown> {
  return attempts.get(scene.transaction)?.values ?? {};
}

function createAttempt(actors: readonly Actor[], server: ServerState, input: ServerInput): Attempt {
  const values = { ...server.values };
  const mail: Mail[] = [];
  const resumed = input.type === "hello" && input.resumed;
  const transaction: Transaction = {
    async get<T>(key: Key<T>) {
      return values[key.name] as T | undefined;
    },
    set(key, value) {
      if (!isOfWire(key.name))
        values[key.name] = key.name.startsWith("user:") ? inOrder(value as UserEntry) : value;
    },
    delete(key) {
      delete values[key.name];
    },
    async head() {
      return resumed ? { epoch: epochHex, top: 0, trimmed: 0 } : undefined;
    },
    open: () => undefined,
    drop: () => undefined,
    trim: () => undefined,
    append(mailbox, bytes) {
      const to = actors.findIndex((actor) => keyOf(actor) === mailbox);
      if (to >= 0) mail.push({ to, bytes });
    },
  };
  const attempt = { values, mail, transaction };
  attempts.set(transaction, attempt);
  return attempt;
}

function isOfWire(name: string): boolean {
  return name.startsWith("session:");
}

/** Which of a user's endpoints came first decides nothing. */
function inOrder(entry: UserEntry): UserEntry {
  return { ...entry, endpoints: entry.endpoints.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
}

const epochHex = "00000000000000ee";

function receiveRequest(actor: Actor, resumed: boolean) {
  return create(ReceiveRequestSchema, {
    endpointId: endpointIdOf(actor),
    client: { protocolMin: 1, protocolMax: 1, product: "model" },
    ...(resumed && { resume: { epoch: fromHex(epochHex), offset: 0n } }),
  });
}

function identityOf({ user }: Actor) {
  const scopes = { place: true, receive: true, presence: true };
  return { user, displayName: user, scopes, expiresAt: nowMs * 2 };
}

function sceneOf(actors: readonly Actor[], attempt: Attempt, server: ServerState, input: ServerInput): Scene {
  const parties = partyNames(actors, server, input);
  const services = {
    config: { timers: defaultServerTimers, limits: defaultServerLimits },
    ids: { epoch: () => epochHex, party: () => parties.shift() ?? "", random: () => 0 },
    policy: { mayCall: () => true },
    store: { emptySince: server.isCold ? nowMs : longAgoMs },
    tickets: plainTickets,
    // What a command uses of the services; the rest is the runtime's.
  } as unknown as Services;
  return { transaction: attempt.transaction, services, now: timeOf(server, input), effects: [] };
}

function timeOf(server: ServerState, input: ServerInput): number {
  if (input.type !== "ringExpired") return nowMs;
  const entry = server.values[callKey(input.callId).name] as CallEntry | undefined;
  return (entry && nextDeadline(entry.record)) ?? nowMs;
}

/** A party is named like its endpoint, so that a name says the same in every state. */
function partyNames(actors: readonly Actor[], server: ServerState, input: ServerInput): string[] {
  if (input.type === "hello") {
    const { token } = actorAt(actors, input.from);
    return recordsOf(server).map(() => token);
  }
  if (input.type !== "command" || input.action.case !== "invite") return [];
  const callee = server.values[userKey(input.action.value.calleeUser).name] as UserEntry | undefined;
  const ringing = (callee?.endpoints ?? []).map(({ key }) => key.slice(0, key.indexOf("@")));
  const own = actorAt(actors, input.from).token;
  return [own, ...ringing.filter((id) => id !== own)];
}

/** Unsigned: who may forge is no question here. */
const plainTickets: Tickets = {
  issue({ record, manyCalls = [] }, key) {
    if (record.phase === "ended") return undefined;
    if (key !== record.caller.key && key !== record.accepted?.key) return undefined;
    const { callId, kind, caller, calleeUser, accepted, createdAt, acceptedAt, rev } = record;
    const claim: TicketClaim = {
      callId,
      kind,
      caller,
      calleeUser,
      accepted,
      createdAt,
      acceptedAt,
      rev,
      manyCalls,
    };
    return new TextEncoder().encode(JSON.stringify(claim));
  },
  read(ticket) {
    if (ticket.byteLength === 0) return undefined;
    return {
      accepted: undefined,
      acceptedAt: undefined,
      ...JSON.parse(new TextDecoder().decode(ticket)),
    } as TicketClaim;
  },
};

export function actorAt(actors: readonly Actor[], index: number): Actor {
  const actor = actors[index];
  if (!actor) throw new RangeError(`there is no actor ${index}`);
  return actor;
}

/** For traces. */
export function describeAction(action: CommandAction): string {
  if (action.case === "description") return `Description ${toHex(action.value.callId).slice(0, 2)}`;
  return `${action.case.slice(0, 1).toUpperCase()}${action.case.slice(1)}`;
}
