import { create } from "@bufbuild/protobuf";
import { decide, fromClaim, isSameCall } from "@peerline/call-machine/record";
import { endReasonFromWire, toHex } from "@peerline/call-machine/wire";
import { type End, InviteSchema, type Reattach } from "@peerline/protocol";
import { ServerError } from "../../errors/server-error.ts";
import { callKey } from "../../store/keys.ts";
import { type CallEntry, encodeInvite } from "../call-entry.ts";
import { callState } from "../call-state.ts";
import { isTalkingElsewhere, withLife } from "../load.ts";
import { type CommandScene, noSuchCall, type Outcome } from "../scene.ts";
import type { TicketClaim } from "../ticket-payload.ts";
import { settle } from "./settle.ts";

/**
 * A party of an accepted call comes back to a server that forgot it. Whatever is wrong with the ticket, the refusal is
 * the same. PROTOCOL 1.5, 2.7 rows 82, 86, 101.
 */
export async function runReattach(scene: CommandScene, reattach: Reattach): Promise<Outcome> {
  const claim = claimFor(scene, reattach);
  if (!claim?.accepted) throw badTicket();
  const known = await scene.transaction.get(callKey(claim.callId));
  if (known && !isSameCall(known.record, claim)) throw badTicket();
  const entry = known ?? forgotten(claim);
  const over = (refusal: "hung-up" | "busy"): Outcome => ({
    applied: false,
    state: callState(entry, { key: scene.key, now: scene.now, refusal }),
  });
  if (!known && !mayBeLost(scene, claim)) return over("hung-up");
  const talks = known === undefined || known.record.phase === "ringing";
  if (talks && (await isBusyParty(scene, claim))) return over("busy");
  const decision = decide(known?.record, { type: "reattach", at: scene.now, from: scene.key, claim });
  return await settle(scene, known, await withLife(scene, entry), decision);
}

/**
 * The end of a call that the server does not know, or not with this endpoint: with a good ticket it leaves a mark, so
 * that the other party's ticket does not bring the call back. PROTOCOL 1.5, 2.7 row 85.
 */
export async function runForgottenEnd(scene: CommandScene, end: End): Promise<Outcome> {
  if (end.ticket.byteLength === 0) throw noSuchCall();
  const claim = claimFor(scene, end);
  if (!claim) throw badTicket();
  const known = await scene.transaction.get(callKey(claim.callId));
  if (known && !isSameCall(known.record, claim)) throw badTicket();
  const wish = endReasonFromWire(end.reason);
  const input = { type: "end", at: scene.now, from: scene.key, wish, claim } as const;
  const decision = decide(known?.record, input);
  return await settle(scene, known, known ?? forgotten(claim), decision);
}

/** The claim of a ticket that is good for this endpoint and this call; for a client that names none, the ticket does. */
function claimFor(
  scene: CommandScene,
  { ticket, callId }: { readonly ticket: Uint8Array; readonly callId: Uint8Array },
): TicketClaim | undefined {
  const claim = scene.services.tickets.read(ticket, scene.now);
  const isParty = claim?.caller.key === scene.key || claim?.accepted?.key === scene.key;
  const isMeant = callId.byteLength === 0 || claim?.callId === toHex(callId);
  return isParty && isMeant ? claim : undefined;
}

/**
 * A store that was there when the call was made and knows nothing of it has seen its end, longer ago than it keeps
 * tombstones. The clock may have been set back a little when the server started.
 */
function mayBeLost({ services }: CommandScene, claim: TicketClaim): boolean {
  const { emptySince } = services.store;
  return emptySince !== undefined && claim.createdAt < emptySince + services.config.timers.lostStateMs;
}

/** An endpoint talks in one call at a time, a program in several. PROTOCOL 2.7 row 20. */
async function isBusyParty({ transaction }: CommandScene, claim: TicketClaim): Promise<boolean> {
  const parties = claim.accepted ? [claim.caller, claim.accepted] : [claim.caller];
  const people = parties.filter(({ key }) => !claim.manyCalls.includes(key));
  const busy = await Promise.all(people.map((party) => isTalkingElsewhere(transaction, party, claim.callId)));
  return busy.includes(true);
}

/** A forgotten call as its ticket has it: the parties, and none of their signals. */
function forgotten(claim: TicketClaim): CallEntry {
  const { accepted, calleeUser } = claim;
  return {
    record: fromClaim(claim),
    calleeName: accepted?.displayName ?? calleeUser,
    invite: encodeInvite(create(InviteSchema, { calleeUser })),
    accept: undefined,
    signals: {},
    manyCalls: claim.manyCalls,
  };
}

function badTicket(): ServerError {
  return new ServerError(
    "bad-ticket",
    "The ticket is not good for this call and this endpoint, or no longer. End the call locally.",
  );
}
