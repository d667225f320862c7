import { decide, isAbandoned, roleOf } from "@peerline/call-machine/record";
import { toHex } from "@peerline/call-machine/wire";
import { AlertPolicy, type CallState, type ClientInfo, type ReceiveRequest } from "@peerline/protocol";
import type { Identity } from "../auth/identity.ts";
import { asksForProgram, inviteOf } from "../calls/call-entry.ts";
import { callState, concerns } from "../calls/call-state.ts";
import { commitDecision, noteChange } from "../calls/commit.ts";
import { liveCalls } from "../calls/load.ts";
import type { Scene } from "../calls/scene.ts";
import { ServerError } from "../errors/server-error.ts";
import { type MailboxCursor, resumeVerdict } from "../mailbox/mailbox.ts";
import { sessionKey, userKey } from "../store/keys.ts";
import { protocolVersions } from "./hello.ts";
import { judgeLife, readLife } from "./lives.ts";
import { emptySession, restartedSession, type SessionEntry } from "./session-entry.ts";
import {
  type EndpointEntry,
  evictable,
  newUser,
  type RingPolicy,
  ringableEndpoints,
  type UserEntry,
  withEndpoint,
  withoutEndpoint,
} from "./user-entry.ts";

/** An endpoint with an open stream, and where that stream begins. */
export interface Attachment {
  readonly endpoint: EndpointEntry;
  readonly epoch: string;
  readonly top: number;
  /** The stream sends the events after this one. */
  readonly from: number;
  readonly lastSeq: number;
  /** Undefined: the stream resumes. */
  readonly snapshot: readonly CallState[] | undefined;
  /** An endpoint that made room. */
  readonly evicted: string | undefined;
}

const maxSnapshotCalls = 16;

/**
 * Opens or resumes a mailbox in one transaction: what the snapshot shows is exactly what `top` covers. Throws, and writes
 * nothing, for a request that came late. PROTOCOL 1.2.
 */
export async function attach(
  scene: Scene,
  identity: Identity,
  key: string,
  request: ReceiveRequest,
): Promise<Attachment> {
  const { transaction } = scene;
  const user = (await transaction.get(userKey(identity.user))) ?? newUser(identity.user);
  const isAttached = user.endpoints.some((one) => one.key === key && one.detachedAt === undefined);
  const known = (await transaction.get(sessionKey(key))) ?? emptySession;
  const session = livingSession(known, request, isAttached);
  const position = await openOrResume(scene, key, session, cursorOf(request));
  const endpoint = describeEndpoint(identity, key, request.client, position.session.generation);
  const evicted = makeRoom(scene, user, key);
  const roomy = evicted ? withoutEndpoint(user, evicted.key) : user;
  const updated: UserEntry = withEndpoint({ ...roomy, user: identity.user }, endpoint);
  transaction.set(userKey(identity.user), updated);
  transaction.set(sessionKey(key), position.session);
  await joinRinging(scene, updated, endpoint);
  await watchCalls(scene, updated);
  const snapshot = position.resumed ? undefined : await snapshotCalls(scene, updated, key);
  const { epoch, top, from } = position;
  return { endpoint, epoch, top, from, lastSeq: position.session.lastSeq, snapshot, evicted: evicted?.key };
}

function livingSession(session: SessionEntry, { life }: ReceiveRequest, isAttached: boolean): SessionEntry {
  const asking = life && readLife(life);
  switch (judgeLife(session.life, asking, isAttached)) {
    case "serve":
      return { ...session, life: asking };
    case "repeated":
      throw new ServerError(
        "repeated",
        "This request came before, or late. Receive again with the next number.",
      );
    case "superseded":
      throw new ServerError("superseded", "Another page or process has taken this endpoint over since.");
  }
}

/** Hex; empty for a client that does not say. */
export function lifeIdOf({ life }: ReceiveRequest): string {
  return life ? toHex(life.id) : "";
}

/** Throws when client and server have no version in common. PROTOCOL 1.9. */
export function assertVersion(client: ClientInfo | undefined): void {
  const min = client?.protocolMin ?? 0;
  const max = client?.protocolMax ?? 0;
  if (min <= protocolVersions.max && max >= protocolVersions.min) return;
  const spoken = `${protocolVersions.min} to ${protocolVersions.max}`;
  throw new ServerError(
    "unsupported-version",
    `This server speaks the protocol versions ${spoken}, the client ${min} to ${max}. Update the older of the two.`,
    {
      protocolMin: protocolVersions.min,
      protocolMax: protocolVersions.max,
    },
  );
}

async function openOrResume(
  scene: Scene,
  key: string,
  session: SessionEntry,
  cursor: MailboxCursor | undefined,
) {
  const head = await scene.transaction.head(key);
  const verdict = resumeVerdict(head, cursor);
  const generation = session.generation + 1;
  if (verdict === "restart" || !head) {
    const epoch = scene.services.ids.epoch();
    scene.transaction.open(key, epoch);
    return { epoch, top: 0, from: 0, resumed: false, session: { ...restartedSession(session), generation } };
  }
  const resumed = verdict === "replay";
  const from = resumed && cursor ? cursor.offset : head.top;
  if (resumed) scene.transaction.trim(key, from);
  return { epoch: head.epoch, top: head.top, from, resumed, session: { ...session, generation } };
}

function cursorOf(request: ReceiveRequest): MailboxCursor | undefined {
  return request.resume && { epoch: toHex(request.resume.epoch), offset: Number(request.resume.offset) };
}

const ringPolicies: Partial<Record<AlertPolicy, RingPolicy>> = {
  [AlertPolicy.NEVER]: "never",
  [AlertPolicy.AUTO_ANSWER]: "auto-answer",
};

function describeEndpoint(
  identity: Identity,
  key: string,
  client: ClientInfo | undefined,
  generation: number,
): EndpointEntry {
  const wanted = ringPolicies[client?.alertPolicy ?? AlertPolicy.RING] ?? "ring";
  return {
    key,
    displayName: identity.displayName,
    deviceLabel: client?.deviceId || client?.product || "",
    policy: identity.scopes.receive ? wanted : "never",
    generation,
    detachedAt: undefined,
    pageGone: false,
  };
}

function makeRoom(scene: Scene, user: UserEntry, key: string): EndpointEntry | undefined {
  const others = user.endpoints.filter((endpoint) => endpoint.key !== key);
  const max = scene.services.config.limits.endpointsPerUser;
  if (others.length < max) return undefined;
  const oldest = evictable({ ...user, endpoints: others });
  if (!oldest) {
    throw new ServerError(
      "rate-limited",
      `This user already has ${max} endpoints. Close one of them first.`,
      {
        retryAfterMs: scene.services.config.timers.mailboxKeptMs,
      },
    );
  }
  scene.transaction.drop(oldest.key);
  scene.transaction.delete(sessionKey(oldest.key));
  return oldest;
}

/** A server that starts with a store that has calls learns of them when their users come: their clocks start then. Row 90. */
async function watchCalls(scene: Scene, user: UserEntry): Promise<void> {
  for (const { record, unreachable = [] } of await liveCalls(scene.transaction, user)) {
    const abandoned = isAbandoned(record, unreachable);
    scene.effects.push({ type: "call", before: record, after: record, abandoned });
  }
}

/** A call that rings is offered to the newcomer too. PROTOCOL 2.7 row 22. */
async function joinRinging(scene: Scene, user: UserEntry, endpoint: EndpointEntry): Promise<void> {
  const { now, services } = scene;
  const graceMs = services.config.timers.detachGraceMs;
  const { key, displayName, deviceLabel } = endpoint;
  for (const entry of await liveCalls(scene.transaction, user)) {
    const { record } = entry;
    if (record.phase !== "ringing" || record.calleeUser !== user.user || roleOf(record, key) !== undefined)
      continue;
    const programs = asksForProgram(inviteOf(entry));
    if (!ringableEndpoints(user, { now, graceMs, programs }).some((one) => one.key === key)) continue;
    const joining = { key, user: user.user, displayName, party: services.ids.party(), deviceLabel };
    const decision = decide(record, { type: "endpointJoined", at: now, endpoint: joining });
    const many = endpoint.policy === "auto-answer" ? [key] : [];
    const joined = { ...entry, manyCalls: [...(entry.manyCalls ?? []), ...many] };
    const written = await commitDecision(scene, joined, decision);
    noteChange(scene, record, written.record);
  }
}

async function snapshotCalls(scene: Scene, user: UserEntry, key: string): Promise<readonly CallState[]> {
  const live = await liveCalls(scene.transaction, user);
  const own = live.filter(({ record }) => concerns(record, key)).slice(-maxSnapshotCalls);
  const { tickets } = scene.services;
  return own.map((entry) => callState(entry, { key, now: scene.now, signals: true, tickets }));
}
