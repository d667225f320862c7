import type { CallEvent } from "@peerline/call-machine";
import type { MoveKind } from "../core/explore.ts";
import type { ClientInput, ClientSeams, ClientState, ModelCall } from "./client.ts";
import type { Actor } from "./names.ts";

/** Something that an endpoint can do without the server. */
export interface LocalMove {
  readonly kind: MoveKind;
  readonly name: string;
  readonly input: ClientInput;
  /** `stillness`: the deadline is far away, so everything that moves by itself has moved before. */
  /** `goodwill`: nobody, and no deadline, has meant a call to end so far. */
  readonly needs?: "stillness" | "fault" | "goodwill" | "stuck";
  /** Somebody, or a deadline, meant the call to end. */
  readonly isWillful?: boolean;
  readonly isWindow?: boolean;
}

export function localMoves(
  { dials }: Actor,
  client: ClientState,
  { wishes }: ClientSeams,
): readonly LocalMove[] {
  const moves: LocalMove[] = [];
  if (dials && !client.hasDialed && client.calls.length === 0) {
    moves.push({ kind: "person", name: "dials", input: { type: "dial" }, needs: "goodwill" });
  }
  for (const call of client.calls) {
    moves.push(...stuckOf(call), ...workOf(call), ...personOf(call, wishes), ...timersOf(call, client));
  }
  return moves;
}

function workOf({ callId, opensMedia, peer }: ModelCall): readonly LocalMove[] {
  if (!opensMedia && !peer?.op) return [];
  return [
    {
      kind: "step",
      name: `has its ${workName(peer?.op?.type)} ready ${callId.slice(0, 2)}`,
      input: { type: "work", callId },
    },
  ];
}

/** The second time in one recovery the call gives up: that is meant. */
function stuckOf({ callId, snapshot, peer }: ModelCall): readonly LocalMove[] {
  if (!peer || !snapshot.matches("established")) return [];
  const input: ClientInput = { type: "call", callId, event: { type: "peer.stuck" } };
  return [
    {
      kind: "fault",
      name: `needs a new connection ${callId.slice(0, 2)}`,
      input,
      needs: "stuck",
      isWillful: snapshot.context.rebuilt,
    },
  ];
}

function workName(op: string | undefined): string {
  if (op === undefined) return "devices";
  return op === "makeOffer" ? "offer" : "answer";
}

function personOf({ callId, snapshot }: ModelCall, wants: ClientSeams["wishes"]): readonly LocalMove[] {
  const wishes: readonly (readonly [string, CallEvent])[] = [
    ["accepts", { type: "user.accept", kind: snapshot.context.kind }],
    snapshot.can({ type: "user.decline" })
      ? ["declines", { type: "user.decline" }]
      : ["hangs up", { type: "user.hangUp" }],
  ];
  return wishes
    .filter(([, event]) => snapshot.can(event) && wants(event, snapshot))
    .map(([name, event]) => ({
      kind: "person",
      name: `${name} ${callId.slice(0, 2)}`,
      input: { type: "call", callId, event },
      ...(event.type !== "user.accept" && { isWillful: true }),
    }));
}

function timersOf({ callId, timers }: ModelCall, { outbox }: ClientState): readonly LocalMove[] {
  const moves: LocalMove[] = [];
  for (const id of timers) {
    const input: ClientInput = { type: "timer", callId, id };
    const name = `has waited long enough: ${id} ${callId.slice(0, 2)}`;
    if (id === "ring") moves.push({ kind: "timer", name, input, needs: "stillness", isWillful: true });
    if (id === "window") moves.push({ kind: "step", name, input, needs: "stillness", isWindow: true });
    if (id === "result" && outbox.batch.length > 0) {
      moves.push({ kind: "fault", name, input, needs: "fault", isWillful: true });
    }
  }
  return moves;
}
