export {
  commandsOf,
  emptyOutbox,
  enqueue,
  fill,
  type Outbox,
  type Outcome,
  rebase,
  settle,
  withEnded,
} from "../outbox.ts";
export {
  type ContractCarrier,
  type ContractCase,
  type OpenCarrier,
  type Same,
  signalingContract,
} from "./contract.ts";
export { type ContractWorld, createContractWorld, worldEndpointId } from "./contract-world.ts";
export type { LoopbackFaults, Refusal } from "./loopback-faults.ts";
export type { EventBody, LoopbackMailbox } from "./loopback-mailbox.ts";
export { createLoopbackService, type LoopbackRequest, type LoopbackService } from "./loopback-service.ts";
export { sampleActions, sampleCallId } from "./samples.ts";
export { type SignalLog, signalLog } from "./signal-log.ts";
export { type VirtualClock, virtualClock } from "./virtual-clock.ts";
