import type { ServerLimits, ServerTimers } from "./config.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const kib = 1024;
const mib = 1024 * kib;

/** PROTOCOL 2.6. */
export const defaultServerTimers: ServerTimers = {
  ringMs: 60 * second,
  pingIdleMs: 20 * second,
  pingBusyMs: 5 * second,
  streamDeadIdleMs: 45 * second,
  streamDeadBusyMs: 15 * second,
  detachGraceMs: 20 * second,
  unreachableMs: 20 * second,
  leaseMs: 60 * second,
  mailboxKeptMs: 120 * second,
  resultsKeptMs: 5 * minute,
  tombstoneMs: 10 * minute,
  lostStateMs: minute,
  coldStoreMs: 15 * second,
  ticketLifeMs: 12 * hour,
  maxCallMs: 12 * hour,
  callWarningMs: 5 * minute,
  tokenGraceMs: 10 * minute,
  applicationMs: 3 * second,
  presenceGraceMs: 20 * second,
  presenceConflateMs: second,
  tokenWarningMs: minute,
  tokenLifeMs: 10 * minute,
  iceCredentialMs: hour,
  streamLifeMs: 15 * minute,
  pollLingerMs: 45 * second,
  drainSpreadMs: 5 * second,
  drainMs: 10 * second,
  connectMs: 30 * second,
  recoverMs: 30 * second,
  strangerIdleMs: 10 * second,
  strangerMs: minute,
  idleMs: 65 * second,
  requestMs: 30 * second,
  unreadMs: 45 * second,
  keysMs: 5 * second,
  keysFreshMs: minute,
  keysKeptMs: 10 * minute,
};

/** What differs in development: a restart should not make anyone wait. */
export const developmentTimers: Partial<ServerTimers> = { drainSpreadMs: 0, drainMs: 500 };

/** Known to everyone, like everything in development: a restarted server takes its calls back. */
export const developmentTicketSecret = "peerline-development-only-not-a-secret";

/** PROTOCOL 1.11. */
export const defaultServerLimits: ServerLimits = {
  requestBytes: 256 * kib,
  responseBytes: 8 * mib,
  mailboxEvents: 512,
  mailboxBytes: mib,
  endpointsPerUser: 10,
  incomingRingingPerUser: 3,
  callsPerBot: 16,
  candidatesPerUfrag: 256,
  metadataBytes: 4 * kib,
  storedResults: 256,
  subscribedUsers: 256,
  commands: { perSecond: 20, burst: 60 },
  invites: { perSecond: 10 / 60, burst: 5 },
  opens: { perSecond: 30 / 60, burst: 30 },
  polls: { perSecond: 20, burst: 60 },
  userOpens: { perSecond: 5, burst: 100 },
  addressOpens: { perSecond: 1000, burst: 1000 },
  admission: { perSecond: 2000, burst: 2000 },
  sends: { perSecond: 100, burst: 300 },
  rareRequests: { perSecond: 1, burst: 30 },
  signIns: { perSecond: 20, burst: 1000 },
  connections: 20_000,
  connectionsPerAddress: undefined,
  heldBytes: 32 * mib,
  unanswered: { perSecond: 6 / 3600, burst: 6 },
};

/** Generous, so that tests and benchmarks never wait. */
export const developmentLimits: Partial<ServerLimits> = {
  commands: { perSecond: 1000, burst: 1000 },
  invites: { perSecond: 10, burst: 600 },
  opens: { perSecond: 10, burst: 600 },
  polls: { perSecond: 1000, burst: 1000 },
  unanswered: { perSecond: 10, burst: 600 },
  userOpens: { perSecond: 100, burst: 1000 },
  sends: { perSecond: 1000, burst: 1000 },
  rareRequests: { perSecond: 100, burst: 600 },
  signIns: { perSecond: 1000, burst: 10_000 },
};
