/** Whether and how an endpoint is offered incoming calls. */
export type RingPolicy = "ring" | "never" | "auto-answer";

/** One endpoint of a user as the store knows it. Times are the server's clock in ms. */
export interface EndpointEntry {
  /** Names its mailbox; see `endpointKey`. */
  readonly key: string;
  readonly displayName: string;
  /** For "answered on …", shown to the user's own endpoints only. */
  readonly deviceLabel: string;
  readonly policy: RingPolicy;
  /** Of its newest stream: an older stream's end changes nothing. */
  readonly generation: number;
  /** Undefined while a stream is open. */
  readonly detachedAt: number | undefined;
  /** It said that its page goes away. */
  readonly pageGone: boolean;
}

/** What the store knows of one user: the endpoints, and the ids of the calls that ring or are accepted. */
export interface UserEntry {
  readonly user: string;
  readonly displayName: string;
  readonly endpoints: readonly EndpointEntry[];
  readonly calls: readonly string[];
}

export function newUser(user: string): UserEntry {
  return { user, displayName: user, endpoints: [], calls: [] };
}

export function findEndpoint(entry: UserEntry | undefined, key: string): EndpointEntry | undefined {
  return entry?.endpoints.find((endpoint) => endpoint.key === key);
}

export function withEndpoint(entry: UserEntry, endpoint: EndpointEntry): UserEntry {
  const others = entry.endpoints.filter((other) => other.key !== endpoint.key);
  return { ...entry, displayName: endpoint.displayName, endpoints: [...others, endpoint] };
}

export function withoutEndpoint(entry: UserEntry, key: string): UserEntry {
  return { ...entry, endpoints: entry.endpoints.filter((other) => other.key !== key) };
}

export function withCall(entry: UserEntry, callId: string): UserEntry {
  return entry.calls.includes(callId) ? entry : { ...entry, calls: [...entry.calls, callId] };
}

export function withoutCall(entry: UserEntry, callId: string): UserEntry {
  return { ...entry, calls: entry.calls.filter((id) => id !== callId) };
}

/** Has a stream, or lost it less than the detach grace ago. */
export function isAttached(endpoint: EndpointEntry, now: number, graceMs: number): boolean {
  return endpoint.detachedAt === undefined || now - endpoint.detachedAt < graceMs;
}

/**
 * The endpoints that are offered a call: those that ring; the ones that answer by themselves only when nobody rings,
 * or they would always win. With `programs` those alone. PROTOCOL 2.7 rows 4, 21, 35.
 */
export function ringableEndpoints(
  entry: UserEntry | undefined,
  options: {
    readonly now: number;
    readonly graceMs: number;
    readonly exceptKey?: string;
    readonly programs?: boolean;
  },
): readonly EndpointEntry[] {
  if (!entry) return [];
  const attached = entry.endpoints.filter(
    (endpoint) => endpoint.key !== options.exceptKey && isAttached(endpoint, options.now, options.graceMs),
  );
  const ringing = attached.filter(({ policy }) => policy === "ring" && options.programs !== true);
  return ringing.length > 0 ? ringing : attached.filter((endpoint) => endpoint.policy === "auto-answer");
}

/**
 * Which endpoint makes room when the user has too many: the one that has been without a stream the longest.
 * `undefined`: all of them are in use. PROTOCOL 1.11.
 */
export function evictable(entry: UserEntry): EndpointEntry | undefined {
  const detached = entry.endpoints.filter((endpoint) => endpoint.detachedAt !== undefined);
  return detached.sort((a, b) => (a.detachedAt ?? 0) - (b.detachedAt ?? 0))[0];
}
