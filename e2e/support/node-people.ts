import type { Logger, MediaKind } from "@peerline/call-machine";
import type { Peerline, PeerlineOptions, PeerlineView, RtcOptions } from "@peerline/client";
import { connect } from "../../apps/bot/src/connect.ts";
import { syntheticMedia } from "../../apps/bot/src/synthetic-media.ts";

type Connection = ReturnType<NonNullable<RtcOptions["createConnection"]>>;

/** A person without a browser, as the bot makes one: real libwebrtc, a tone instead of a microphone. */
export interface NodePerson {
  readonly name: string;
  readonly peerline: Peerline;
  /** Those that were not closed. */
  openConnections(): readonly Connection[];
  /** Packets of sound that have arrived, and that are missing between them, over all open connections. */
  sound(): Promise<SoundCount>;
  /** The first view, present or future, for which `wanted` holds. Rejects with the last one after `withinMs`. */
  reached(what: string, wanted: (view: PeerlineView) => boolean, withinMs?: number): Promise<PeerlineView>;
  close(): void;
}

export interface SoundCount {
  readonly packets: number;
  readonly lost: number;
}

export interface NodePersonOptions {
  readonly serverUrl: string;
  readonly name: string;
  readonly autoAccept?: MediaKind;
  readonly capacity?: number;
  readonly relayOnly?: boolean;
}

const reachedWithinMs = 20_000;

/** Resolves when they are online. */
export async function openNodePerson({ name, ...options }: NodePersonOptions): Promise<NodePerson> {
  const open = new Set<Connection>();
  const media = syntheticMedia();
  const peerline = connect({
    ...options,
    user: name,
    media,
    logger: silent,
    prepare: (given) => counted(given, open),
  });
  const person: NodePerson = {
    name,
    peerline,
    openConnections: () => [...open],
    sound: () => countSound([...open]),
    reached: (what, wanted, withinMs = reachedWithinMs) => reached(name, peerline, what, wanted, withinMs),
    close() {
      peerline.close();
      media.close();
    },
  };
  await person.reached("online", ({ link }) => link === "online");
  return person;
}

/** Takes a call to the point where both are in it. Resolves with the time from the dial to the later of both, in ms. */
export async function callBetween(
  [caller, callee]: readonly [NodePerson, NodePerson],
  kind: MediaKind = "audio",
): Promise<number> {
  const dialedAt = performance.now();
  const callId = caller.peerline.dial(callee.name, kind);
  const isLive = ({ call }: PeerlineView) => call?.callId === callId && call.phase === "live";
  await Promise.all([caller, callee].map((one) => one.reached("live", isLive)));
  return performance.now() - dialedAt;
}

/** Waits until the person's call has ended, and leaves its summary. */
export async function ended(person: NodePerson, withinMs?: number): Promise<PeerlineView> {
  const view = await person.reached(
    "ended",
    ({ call }) => call === undefined || call.phase === "ended",
    withinMs,
  );
  person.peerline.dismiss();
  return view;
}

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined };

function counted(options: PeerlineOptions, open: Set<Connection>): PeerlineOptions {
  const create = options.rtc?.createConnection;
  if (!create) throw new Error("a bot without libwebrtc: its options have no rtc.createConnection");
  return {
    ...options,
    rtc: {
      ...options.rtc,
      createConnection(configuration) {
        const connection = create(configuration);
        const close = connection.close.bind(connection);
        connection.close = () => {
          open.delete(connection);
          close();
        };
        open.add(connection);
        return connection;
      },
    },
  };
}

async function countSound(connections: readonly Connection[]): Promise<SoundCount> {
  let packets = 0;
  let lost = 0;
  for (const connection of connections) {
    for (const stats of (await connection.getStats()).values() as Iterable<InboundStats>) {
      if (stats.type !== "inbound-rtp" || stats.kind !== "audio") continue;
      packets += stats.packetsReceived ?? 0;
      lost += stats.packetsLost ?? 0;
    }
  }
  return { packets, lost };
}

interface InboundStats {
  readonly type: string;
  readonly kind?: string;
  readonly packetsReceived?: number;
  readonly packetsLost?: number;
}

function reached(
  name: string,
  peerline: Peerline,
  what: string,
  wanted: (view: PeerlineView) => boolean,
  withinMs: number,
): Promise<PeerlineView> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      const { link, call } = peerline.view();
      const now = JSON.stringify({ link, phase: call?.phase, end: call?.end });
      finish(() => reject(new Error(`${name} is not ${what} within ${withinMs} ms: ${now}`)));
    }, withinMs);
    const look = (view: PeerlineView) => {
      if (wanted(view)) finish(() => resolve(view));
    };
    const stop = peerline.subscribe(look);
    function finish(settle: () => void): void {
      clearTimeout(timer);
      stop();
      settle();
    }
    look(peerline.view());
  });
}
