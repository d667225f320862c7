// For tests and development tools: nothing of this is in the main entry.
export {
  type FaultState,
  type FaultSwitches,
  type LastingFault,
  lastingFaults,
  type MomentaryFault,
  momentaryFaults,
} from "./fault-switches.ts";
export { type WithFaults, withFaults } from "./with-faults.ts";
