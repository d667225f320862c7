import type { Rate } from "../limits/token-bucket.ts";

/** Every length of time of the server, in ms: whole, from 0 to ten years. PROTOCOL 2.6. */
export interface ServerTimers {
  /** How long a call rings unless the caller asks for less or more. */
  readonly ringMs: number;
  readonly pingIdleMs: number;
  readonly pingBusyMs: number;
  readonly streamDeadIdleMs: number;
  readonly streamDeadBusyMs: number;
  /** How long the calls of a page that went away are kept. */
  readonly detachGraceMs: number;
  /** A party of an accepted call that says nothing for this long is shown as unreachable. */
  readonly unreachableMs: number;
  /** … and for this long has left, unless the other one still gets media. */
  readonly leaseMs: number;
  readonly mailboxKeptMs: number;
  readonly resultsKeptMs: number;
  readonly tombstoneMs: number;
  /** How long a server that began with nothing says so. */
  readonly lostStateMs: number;
  /** An empty store this young waits for the callee's endpoints before it calls a user unreachable. */
  readonly coldStoreMs: number;
  /** Of a call's ticket, from the accept. */
  readonly ticketLifeMs: number;
  /** From the accept; an accepted call never lasts longer. */
  readonly maxCallMs: number;
  /** Its parties are told so long before. */
  readonly callWarningMs: number;
  /** A party of an accepted call goes on with an expired token for so long. */
  readonly tokenGraceMs: number;
  /** How long an answer of the application's own code (policy, verifier) may take. */
  readonly applicationMs: number;
  readonly presenceGraceMs: number;
  readonly presenceConflateMs: number;
  readonly tokenWarningMs: number;
  readonly tokenLifeMs: number;
  readonly iceCredentialMs: number;
  /** How long a stream lives before the client is asked for a new one, ± 20 %. */
  readonly streamLifeMs: number;
  /** How long an endpoint that polls is present after the last answer. */
  readonly pollLingerMs: number;
  /** Upper bound of the spread that a drain asks of its clients. */
  readonly drainSpreadMs: number;
  readonly drainMs: number;
  /** Told to clients; the server does not act on them. */
  readonly connectMs: number;
  readonly recoverMs: number;
  /** A connection without any request that was signed in is closed after so long without a request. */
  readonly strangerIdleMs: number;
  /** … and after so long whatever it asks. */
  readonly strangerMs: number;
  /** Any other connection is closed after so long without a request. */
  readonly idleMs: number;
  /** For a whole request to arrive. */
  readonly requestMs: number;
  /** For an answer to be taken. */
  readonly unreadMs: number;
  /** For the application's keys to be fetched or read. */
  readonly keysMs: number;
  /** Keys are fetched again after so long: a withdrawn one is good for no longer, if the fetch goes well. */
  readonly keysFreshMs: number;
  /** Keys that cannot be fetched again are good for so long. */
  readonly keysKeptMs: number;
}

/** PROTOCOL 1.11. Rates are above 0; everything else is a whole number above 0. */
export interface ServerLimits {
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly mailboxEvents: number;
  readonly mailboxBytes: number;
  readonly endpointsPerUser: number;
  readonly incomingRingingPerUser: number;
  /** Live calls of a user whose endpoints answer by themselves. */
  readonly callsPerBot: number;
  readonly candidatesPerUfrag: number;
  readonly metadataBytes: number;
  readonly storedResults: number;
  readonly subscribedUsers: number;
  readonly commands: Rate;
  readonly invites: Rate;
  /** Streams, by endpoint. */
  readonly opens: Rate;
  /** Polls that go on, by endpoint. */
  readonly polls: Rate;
  /** Streams and first Polls of a user, by whichever of its endpoints. */
  readonly userOpens: Rate;
  /** Streams and first Polls from one address. */
  readonly addressOpens: Rate;
  /** Streams and first Polls of the whole process. */
  readonly admission: Rate;
  /** `Send`s of a user, by whichever of its endpoints. */
  readonly sends: Rate;
  /** `GetIceServers`, `Reauthenticate` and `Detach` of a user, each counted by itself. */
  readonly rareRequests: Rate;
  /** Development sign-ins from one address. */
  readonly signIns: Rate;
  /** Connections of the whole process. Never more than the machine lets the process open. */
  readonly connections: number;
  /** Connections from one address, besides trusted proxies'. Default: half of `connections`. */
  readonly connectionsPerAddress: number | undefined;
  /** Bytes of all answers that nobody takes, and of requests that are half there. */
  readonly heldBytes: number;
  /** Unanswered calls to the same person. */
  readonly unanswered: Rate;
}

/** STUN and TURN servers. `secret` is shared with the TURN server (coturn: `use-auth-secret`). */
export interface IceConfig {
  readonly stunUrls: readonly string[];
  readonly turnUrls: readonly string[];
  readonly turnSecret: string | undefined;
}

/** What signs the tickets with which calls survive a restart. At least 32 bytes each. PROTOCOL D8. */
export interface TicketConfig {
  /** Undefined: a new one for this process, and no call survives it. */
  readonly secret: string | undefined;
  /** Still accepted while `secret` takes its place. */
  readonly previousSecret: string | undefined;
}

/** Where the keys of the application's tokens come from. */
export type AuthConfig =
  | { readonly kind: "development"; readonly secret: string | undefined }
  | { readonly kind: "jwks-url"; readonly url: string; readonly issuer: string; readonly audience: string }
  | { readonly kind: "jwks-file"; readonly file: string; readonly issuer: string; readonly audience: string };

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface ServerConfig {
  readonly dev: boolean;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Addresses and networks of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Exact origins, besides the loopback ones in development. */
  readonly allowedOrigins: readonly string[];
  readonly logLevel: LogLevel;
  readonly auth: AuthConfig;
  readonly ice: IceConfig;
  readonly tickets: TicketConfig;
  readonly timers: ServerTimers;
  readonly limits: ServerLimits;
}
