import type { CommandAction } from "@peerline/call-machine";
import { fromHex, toHex } from "@peerline/call-machine/wire";
import type { Rename } from "../core/canonical.ts";

/** One endpoint of a world: what it is called in traces, and the opaque names it has on the wire. */
export interface Actor {
  readonly label: string;
  readonly user: string;
  /** 16 bytes as hex: its endpoint id, and its party id in every call. */
  readonly token: string;
  /** Whom it may call, once, and the call's id. */
  readonly dials?: { readonly user: string; readonly callId: string };
}

const idBytes = 16;

/** 16 equal bytes as hex. */
export function token(byteHex: string): string {
  return byteHex.repeat(idBytes);
}

/** The name of an actor's mailbox. */
export function keyOf({ token: id, user }: Actor): string {
  return `${id}@${user}`;
}

/** Exchanges pairs of names wherever they stand: as text, as bytes in hex, and as the hex of their text. */
export function exchanging(pairs: readonly (readonly [string, string])[]): Rename {
  const both = new Map<string, string>();
  for (const [one, other] of pairs) {
    for (const form of [(name: string) => name, hexOfText]) {
      both.set(form(one), form(other));
      both.set(form(other), form(one));
    }
  }
  const pattern = new RegExp([...both.keys()].join("|"), "g");
  return (text) => text.replace(pattern, (name) => both.get(name) ?? name);
}

const hexDigits = 16;

function hexOfText(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => byte.toString(hexDigits).padStart(2, "0"))
    .join("");
}

export function endpointIdOf(actor: Actor): Uint8Array<ArrayBuffer> {
  return fromHex(actor.token);
}

/** Throws a `RangeError` when there is none. */
export function actorAt(actors: readonly Actor[], index: number): Actor {
  const actor = actors[index];
  if (!actor) throw new RangeError(`there is no actor ${index}`);
  return actor;
}

/** For traces. */
export function describeAction(action: CommandAction): string {
  if (action.case === "description") return `Description ${toHex(action.value.callId).slice(0, 2)}`;
  return `${action.case.slice(0, 1).toUpperCase()}${action.case.slice(1)}`;
}
