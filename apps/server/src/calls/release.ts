import { fromBinary } from "@bufbuild/protobuf";
import { CandidatesSchema, MediaStateSchema } from "@peerline/protocol";
import { callKey } from "../store/keys.ts";
import { partyOf } from "./call-entry.ts";
import { type EventBody, encodeEvent } from "./call-event.ts";
import type { Scene } from "./scene.ts";

/**
 * Sends the caller what an endpoint of the callee has signaled while it was no more than one that rings: its candidates,
 * in order, and its media state. PROTOCOL 1.5, invariant 25.
 */
export async function releaseSignals(scene: Scene, callId: string, key: string): Promise<void> {
  const entry = await scene.transaction.get(callKey(callId));
  const signals = entry?.signals[partyOf(entry.record, key)];
  if (!entry || !signals) return;
  const bodies: EventBody[] = signals.candidates.map(({ bytes }) => ({
    case: "candidates",
    value: fromBinary(CandidatesSchema, bytes),
  }));
  if (signals.media) bodies.push({ case: "mediaState", value: fromBinary(MediaStateSchema, signals.media) });
  for (const body of bodies) {
    scene.transaction.append(entry.record.caller.key, encodeEvent(body, scene.now, entry.record));
  }
}
