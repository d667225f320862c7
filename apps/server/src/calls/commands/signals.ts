import { mayRelay, relayTargets } from "@peerline/call-machine/record";
import { fromHex } from "@peerline/call-machine/wire";
import type { Candidates, Description, MediaState } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import { type CallEntry, partyOf } from "../call-entry.ts";
import { type EventBody, encodeEvent } from "../call-event.ts";
import { callState } from "../call-state.ts";
import { writeEntry } from "../commit.ts";
import { loadCall } from "../load.ts";
import {
  noSignals,
  type PartySignals,
  withCandidates,
  withDescription,
  withMedia,
} from "../party-signals.ts";
import type { CommandScene, Outcome } from "../scene.ts";

/** An offer or answer, to the other party, byte for byte. PROTOCOL D11. */
export async function runDescription(scene: CommandScene, description: Description): Promise<Outcome> {
  return await relaySignal(scene, description, { case: "description", value: description }, (signals) =>
    withDescription(signals, description),
  );
}

/** Candidates, to the other party. More than `candidatesPerUfrag` of one ICE generation are refused. */
export async function runCandidates(scene: CommandScene, candidates: Candidates): Promise<Outcome> {
  const max = scene.services.config.limits.candidatesPerUfrag;
  return await relaySignal(scene, candidates, { case: "candidates", value: candidates }, (signals) => {
    const next = withCandidates(signals, candidates, max);
    if (next) return next;
    const text = `candidates.list: at most ${max} candidates per party and ufrag. Gather fewer, or restart ICE.`;
    throw new ServerError("too-large", text, { field: "candidates.list" });
  });
}

/** Microphone, camera and hold, to the other party. */
export async function runMediaState(scene: CommandScene, media: MediaState): Promise<Outcome> {
  return await relaySignal(scene, media, { case: "mediaState", value: media }, (signals) =>
    withMedia(signals, media),
  );
}

/** Relays for a party that is still in the call; after its end, and for devices that lost, nothing happens. */
async function relaySignal(
  scene: CommandScene,
  message: { callId: Uint8Array; fromParty: Uint8Array },
  body: EventBody,
  keep: (signals: PartySignals) => PartySignals,
): Promise<Outcome> {
  const entry = await loadCall(scene, message.callId);
  if (!mayRelay(entry.record, scene.key)) return dropped(scene, entry);
  const party = partyOf(entry.record, scene.key);
  message.fromParty = fromHex(party);
  const signals = keep(entry.signals[party] ?? noSignals);
  writeEntry(scene, { ...entry, signals: { ...entry.signals, [party]: signals } });
  const bytes = encodeEvent(body, scene.now, entry.record);
  for (const target of relayTargets(entry.record, scene.key)) scene.transaction.append(target.key, bytes);
  return { applied: true, state: callState(entry, { key: scene.key, now: scene.now }) };
}

/** PROTOCOL 2.7 row 39. */
export function dropped(scene: CommandScene, entry: CallEntry): Outcome {
  const lost = entry.record.phase === "active" ? "answered-elsewhere" : undefined;
  return { applied: false, state: callState(entry, { key: scene.key, now: scene.now, refusal: lost }) };
}
