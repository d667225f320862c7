import { type Peerline, systemClock } from "@peerline/client";
import { type WithFaults, withFaults } from "@peerline/client/faults";
import { type ConnectOptions, connect } from "./connect.ts";
import type { PlannedFault } from "./fault-plan.ts";
import type { Report } from "./output.ts";
import { runFaults } from "./run-faults.ts";

export interface FaultyConnectOptions extends ConnectOptions {
  /** What goes wrong, from the first live call on. Empty: nothing. */
  readonly faults: readonly PlannedFault[];
  readonly report: Report;
}

/** `connect`, with planned faults until `close`. */
export function connectFaulty({ faults, report, ...options }: FaultyConnectOptions): Peerline {
  if (faults.length === 0) return connect(options);
  const made: WithFaults[] = [];
  const peerline = connect({
    ...options,
    prepare(prepared) {
      const faulty = withFaults(prepared);
      made.push(faulty);
      return faulty.options;
    },
  });
  const exits = made.flatMap(({ follow, switches }) => [
    follow(peerline),
    runFaults(faults, peerline, { switches, report, clock: systemClock() }),
  ]);
  return {
    ...peerline,
    close(intent) {
      for (const exit of exits) exit();
      peerline.close(intent);
    },
  };
}
