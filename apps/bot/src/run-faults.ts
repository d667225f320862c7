import type { Clock } from "@peerline/call-machine";
import type { Peerline } from "@peerline/client";
import type { FaultSwitches } from "@peerline/client/faults";
import type { PlannedFault } from "./fault-plan.ts";
import type { Report } from "./output.ts";

export interface FaultRunPorts {
  readonly switches: FaultSwitches;
  readonly clock: Clock;
  readonly report: Report;
}

/** Works the switches as planned, from the moment when the first call is live. Returns the way out. */
export function runFaults(
  plan: readonly PlannedFault[],
  peerline: Pick<Peerline, "view" | "subscribe">,
  { switches, clock, report }: FaultRunPorts,
): () => void {
  const cancels: (() => void)[] = [];

  function begin(): void {
    stopWatching();
    const startedAt = clock.now();
    for (const planned of plan) {
      cancels.push(clock.setTimer(startedAt + planned.atMs, () => happen(planned)));
    }
  }

  function happen(planned: PlannedFault): void {
    const isLasting = "on" in planned;
    if (isLasting) switches.set(planned.fault, planned.on);
    else switches.trigger(planned.fault);
    report("fault", { fault: planned.fault, ...(isLasting ? { on: planned.on } : {}) });
  }

  const stopWatching = peerline.subscribe(({ calls }) => {
    if (calls.some(({ phase }) => phase === "live")) begin();
  });
  return () => {
    stopWatching();
    for (const cancel of cancels.splice(0)) cancel();
  };
}
