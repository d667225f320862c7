import type { CallView } from "@peerline/call-machine";
import { texts } from "../state/texts.ts";
import { useSlow } from "../ui/use-now.ts";

const slowConnectingMs = 6_000;

/** Where the call is, in words; says so when connecting takes longer than a person expects. */
export function usePhaseText({ phase, remote }: CallView): string {
  const isSlow = useSlow(phase === "connecting", slowConnectingMs);
  return isSlow ? texts.stillConnecting : texts.phase[phase](remote.displayName);
}
