import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { durationFromMs, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { fromHex } from "@peerline/call-machine/wire";
import { type CallState, type HelloSchema, LimitsSchema, TimersSchema } from "@peerline/protocol";
import type { ServerConfig } from "../config/config.ts";
import type { IceServers } from "../ice/ice-servers.ts";
import type { Frame } from "./live-stream.ts";

/** The protocol versions this server speaks. PROTOCOL 1.9. */
export const protocolVersions = { min: 1, max: 1 } as const;

const capabilities = ["presence/1", "relay/1"];
const paddingBytes = 2048;
const maxSdpBytes = 65_536;
const maxCandidateBytes = 1024;
const maxExtensionBytes = 16_384;
const maxCommandsPerSend = 32;

/**
 * `padded`: everything, pushed through small proxy buffers. `plain`: without the padding. `brief`: for a client that has
 * had the rest a moment ago; limits, timers, capabilities and ICE servers stay as they were.
 */
export type HelloForm = "padded" | "plain" | "brief";

export interface HelloFacts {
  readonly form: HelloForm;
  readonly config: ServerConfig;
  /** The wall clock, ms. */
  readonly serverTime: number;
  readonly epoch: string;
  readonly generation: number;
  readonly top: number;
  readonly lastSeq: number;
  readonly tokenValidMs: number;
  readonly ice: IceServers;
  /** Undefined when the stream resumes. */
  readonly snapshot: readonly CallState[] | undefined;
  /** The store began with nothing a short while ago. */
  readonly lostState: boolean;
}

/** The first frame of every stream and every Poll: all that is needed to place a call. PROTOCOL 1.2.5, 1.14. */
export function helloFrame(facts: HelloFacts): Frame {
  const hello: MessageInitShape<typeof HelloSchema> = {
    protocol: protocolVersions.max,
    epoch: fromHex(facts.epoch),
    resumed: facts.snapshot === undefined,
    topOffset: BigInt(facts.top),
    generation: BigInt(facts.generation),
    serverTime: timestampFromMs(facts.serverTime),
    tokenValidFor: durationFromMs(Math.max(0, facts.tokenValidMs)),
    lastClientSeq: BigInt(facts.lastSeq),
    ...(facts.form !== "brief" && lasting(facts)),
    ...(facts.form === "padded" && { padding: new Uint8Array(paddingBytes) }),
  };
  if (facts.snapshot) hello.snapshot = { calls: [...facts.snapshot], serverLostState: facts.lostState };
  return { frame: { case: "hello", value: hello } };
}

function lasting({ config, ice }: HelloFacts): MessageInitShape<typeof HelloSchema> {
  return {
    limits: limitsMessage(config),
    timers: timersMessage(config),
    capabilities,
    iceServers: [...ice.servers],
    ...(ice.validForMs !== undefined && { iceServersValidFor: durationFromMs(ice.validForMs) }),
  };
}

function limitsMessage({ limits }: ServerConfig) {
  return create(LimitsSchema, {
    maxCommandsPerSend,
    maxRequestBytes: limits.requestBytes,
    maxSdpBytes,
    maxCandidateBytes,
    maxCandidatesPerGeneration: limits.candidatesPerUfrag,
    maxExtensionBytes,
    maxMetadataBytes: limits.metadataBytes,
  });
}

function timersMessage({ timers }: ServerConfig) {
  return create(TimersSchema, {
    pingIdle: durationFromMs(timers.pingIdleMs),
    pingBusy: durationFromMs(timers.pingBusyMs),
    streamDeadAfterBusy: durationFromMs(timers.streamDeadBusyMs),
    streamDeadAfterIdle: durationFromMs(timers.streamDeadIdleMs),
    ring: durationFromMs(timers.ringMs),
    connect: durationFromMs(timers.connectMs),
    recover: durationFromMs(timers.recoverMs),
    lease: durationFromMs(timers.leaseMs),
    detachGrace: durationFromMs(timers.detachGraceMs),
  });
}
