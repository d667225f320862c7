import type { Transport } from "@connectrpc/connect";
import type { SignalingSessionOptions } from "../options.ts";
import { sendingContract } from "./contract-sending.ts";
import { streamContract } from "./contract-stream.ts";
import type { ContractWorld } from "./contract-world.ts";
import type { LoopbackService } from "./loopback-service.ts";

/** Fails the test unless both are deeply equal. */
export type Same = (actual: unknown, expected: unknown) => void;

/** One promise of a signaling session, whatever carries it. */
export interface ContractCase {
  readonly name: string;
  readonly run: (world: ContractWorld, same: Same) => Promise<void>;
}

/** A transport that reaches a service; `close` ends whatever was started for it. */
export interface ContractCarrier {
  readonly transport: Transport;
  readonly close: () => Promise<void>;
  /** What a session over it needs besides. */
  readonly options?: Pick<SignalingSessionOptions, "carrier">;
}

export type OpenCarrier = (service: LoopbackService) => Promise<ContractCarrier>;

/** The whole contract of `createSignalingSession`: run every case over every transport. */
export const signalingContract: readonly ContractCase[] = [...streamContract, ...sendingContract];
