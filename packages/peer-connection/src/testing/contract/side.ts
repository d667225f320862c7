import type { CandidatesSignal, DescriptionSignal, PeerEvent, PeerOptions } from "@peerline/call-machine";
import type { Chat } from "../../chat-message.ts";
import type { ConnectionLike } from "../../connection-like.ts";
import { createPeer, type Peer, type PeerPlatform } from "../../create-peer.ts";
import { iceUfrags } from "../../description.ts";
import type { TrackKind } from "../../media-lines.ts";
import type { ContractEnv } from "./env.ts";
import { systemClock } from "./system-clock.ts";

/** A signal on its way to the other side. */
export type Letter =
  | { readonly type: "description"; readonly description: DescriptionSignal }
  | { readonly type: "candidates"; readonly candidates: CandidatesSignal };

/** One end of a call under test, and everything that it said. */
export interface Side {
  readonly peer: Peer;
  readonly connection: ConnectionLike;
  readonly events: PeerEvent[];
  readonly chats: Chat[];
  readonly tracks: TrackKind[];
  readonly infos: string[];
  /** Changes what this side sends, or holds it back by returning nothing. */
  filter: (letter: Letter) => readonly Letter[];
  /** Sends to this side as its peer would. */
  deliver(letter: Letter): void;
}

const callId = "00112233445566778899aabbccddeeff";

/** Opens one end; `send` carries its letters to the other. */
export function openSide(
  env: ContractEnv,
  options: Omit<PeerOptions, "callId"> & Pick<Partial<PeerPlatform>, "certificates">,
  send: (letter: Letter) => void,
): Side {
  const events: PeerEvent[] = [];
  const chats: Chat[] = [];
  const tracks: TrackKind[] = [];
  const infos: string[] = [];
  let connection: ConnectionLike | undefined;
  const createConnection = (configuration: RTCConfiguration) => {
    connection = env.createConnection(configuration);
    return connection;
  };
  const peer = createPeer(
    {
      ...options,
      callId,
      createConnection,
      createStream: env.createStream,
      iceServers: [],
      clock: systemClock,
      logger: {
        debug: () => undefined,
        info: (message) => infos.push(message),
        warn: (message) => infos.push(message),
      },
      onChat: (chat) => chats.push(chat),
      onRemoteTrack: (_track, kind) => tracks.push(kind),
    },
    (event) => {
      events.push(event);
      if (event.type === "peer.described") post({ type: "description", description: event.description });
      if (event.type === "peer.candidates") post({ type: "candidates", candidates: event.candidates });
    },
  );
  if (connection === undefined) throw new TypeError("createPeer did not create a connection");
  const side: Side = {
    peer,
    connection,
    events,
    chats,
    tracks,
    infos,
    filter: (letter) => [letter],
    deliver(letter) {
      if (letter.type === "description") peer.apply(letter.description);
      else peer.addCandidates(letter.candidates);
    },
  };
  return side;

  function post(letter: Letter) {
    for (const one of side.filter(letter)) send(one);
  }
}

/** The descriptions that a side has sent, as `offer 1`. */
export function described(side: Side): string[] {
  return side.events.flatMap((event) =>
    event.type === "peer.described" ? [`${event.description.type} ${event.description.offerNumber}`] : [],
  );
}

/** Keeps the descriptions that a side sends from here on in `held` instead of sending them. */
export function holdDescriptions(side: Side, held: Letter[]): void {
  side.filter = (letter) => {
    if (letter.type === "candidates") return [letter];
    held.push(letter);
    return [];
  };
}

/** How many events of a type a side has reported. */
export function count(side: Side, type: PeerEvent["type"]): number {
  return side.events.filter((event) => event.type === type).length;
}

/** The ICE credentials that a side uses now. */
export function localUfrag(side: Side): string {
  return iceUfrags(side.connection.localDescription?.sdp ?? "").join();
}
