import { mayRelay, signalTargets } from "@peerline/call-machine/record";
import { fromHex } from "@peerline/call-machine/wire";
import type { Candidates, Description, MediaState } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import { type CallEntry, isHolding, partyOf } from "../call-entry.ts";
import { type EventBody, encodeEvent } from "../call-event.ts";
import { callState } from "../call-state.ts";
import { writeEntry } from "../commit.ts";
import { isTalkingElsewhere, loadCall } from "../load.ts";
import {
  noSignals,
  type PartySignals,
  withCandidates,
  withDescription,
  withMedia,
} from "../party-signals.ts";
import type { CommandScene, Outcome } from "../scene.ts";

/** An offer or answer, to the other party, byte for byte; before the accept the callee has none to give. PROTOCOL D11. */
export async function runDescription(scene: CommandScene, description: Description): Promise<Outcome> {
  const entry = await loadCall(scene, description.callId);
  if (signalTargets(entry.record, scene.key).length === 0 && scene.key !== entry.record.caller.key) {
    return dropped(scene, entry);
  }
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

/** Microphone, camera and hold, to the other party. A call comes off hold only where no other is talked in. Row 20. */
export async function runMediaState(scene: CommandScene, media: MediaState): Promise<Outcome> {
  const entry = await loadCall(scene, media.callId);
  const resumes = !media.onHold && isHolding(entry, scene.key) && scene.endpoint.policy !== "auto-answer";
  const { key, identity, transaction } = scene;
  const own = { key, user: identity.user };
  if (resumes && (await isTalkingElsewhere(transaction, own, entry.record.callId))) {
    throw new ServerError(
      "not-allowed",
      "media_state.on_hold: this endpoint talks in another call. End that call or put it on hold first.",
      { field: "media_state.on_hold" },
    );
  }
  return await relaySignal(scene, media, { case: "mediaState", value: media }, (signals) =>
    withMedia(signals, media),
  );
}

/**
 * Relays for a party that is still in the call; after its end, and for devices that lost, nothing happens. What must not
 * leave the callee yet is kept for the accept.
 */
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
  for (const target of signalTargets(entry.record, scene.key)) scene.transaction.append(target.key, bytes);
  return { applied: true, state: callState(entry, { key: scene.key, now: scene.now }) };
}

/** PROTOCOL 2.7 row 39. */
export function dropped(scene: CommandScene, entry: CallEntry): Outcome {
  const lost = entry.record.phase === "active" ? "answered-elsewhere" : undefined;
  return { applied: false, state: callState(entry, { key: scene.key, now: scene.now, refusal: lost }) };
}
