import type { Clock, Logger } from "@peerline/call-machine";
import type { IceServer } from "@peerline/protocol";
import { type CredentialLife, freshWithinMs, isStale, refreshAt, retryMs } from "./credential-life.ts";

/** Servers with credentials that were just made. `validForMs` undefined: they last for ever. */
export interface IceGrant {
  readonly servers: readonly IceServer[];
  readonly validForMs: number | undefined;
}

export interface IceKeeperOptions {
  readonly clock: Clock;
  /** Asks the signaling server. Undefined: it gave none in time. */
  readonly ask: () => Promise<IceGrant | undefined>;
  /** Gives the servers to every open connection. */
  readonly apply: (servers: readonly RTCIceServer[]) => void;
  /** Used beside those that the server names. */
  readonly own: readonly RTCIceServer[];
  readonly logger?: Logger | undefined;
}

/** Keeps STUN and TURN servers whose credentials still let a call allocate. PROTOCOL 1.12. */
export interface IceKeeper {
  /** For a connection that opens now. */
  servers(): readonly RTCIceServer[];
  /** A hello, or the server's answer, brought these. */
  note(grant: IceGrant): void;
  /**
   * Before an ICE restart: undefined at once while those at hand will do, else fresh ones within 2 s, or undefined when
   * none come. Never rejects. PROTOCOL row 67.
   */
  fresh(): Promise<readonly RTCIceServer[] | undefined> | undefined;
  /** Leaves no timer. */
  stop(): void;
}

/** Replaces credentials at half of their life, and asks again every 30 s where the server does not answer. */
export function createIceKeeper(options: IceKeeperOptions): IceKeeper {
  const { clock, logger } = options;
  let servers = options.own;
  let life: CredentialLife = { since: clock.now(), validForMs: undefined };
  let asking: Promise<readonly RTCIceServer[] | undefined> | undefined;
  let stopTimer: (() => void) | undefined;
  const waits = new Set<() => void>();
  let stopped = false;

  function note(grant: IceGrant) {
    if (stopped) return;
    const before = JSON.stringify(servers);
    const usable = grant.servers.filter(isUsable);
    const refused = grant.servers.length - usable.length;
    if (refused > 0) logger?.warn("ICE servers that no connection takes were left out", { refused });
    servers = [...options.own, ...usable.map(toRtcIceServer)];
    life = { since: clock.now(), validForMs: grant.validForMs };
    refreshLater(refreshAt(life));
    if (JSON.stringify(servers) !== before) options.apply(servers);
  }

  function refreshLater(at: number | undefined) {
    stopTimer?.();
    stopTimer = at === undefined ? undefined : clock.setTimer(at, () => void refresh());
  }

  function refresh(): Promise<readonly RTCIceServer[] | undefined> {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function ask(): Promise<readonly RTCIceServer[] | undefined> {
    const grant = await options.ask().catch(() => undefined);
    if (stopped) return undefined;
    if (grant === undefined) {
      logger?.debug("no fresh ICE servers");
      refreshLater(clock.now() + retryMs);
      return undefined;
    }
    note(grant);
    return servers;
  }

  /** The value, or undefined when it takes longer. */
  function within<T>(ms: number, value: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve) => {
      const give = (settled?: T) => {
        cancel();
        waits.delete(giveUp);
        resolve(settled);
      };
      const giveUp = () => give();
      const cancel = clock.setTimer(clock.now() + ms, giveUp);
      waits.add(giveUp);
      void value.then(give);
    });
  }

  return {
    servers: () => servers,
    note,
    fresh: () => (stopped || !isStale(life, clock.now()) ? undefined : within(freshWithinMs, refresh())),
    stop() {
      stopped = true;
      stopTimer?.();
      for (const give of [...waits]) give();
    },
  };
}

/** One that is not would make the platform refuse every connection. https://www.w3.org/TR/webrtc/#set-the-configuration */
function isUsable({ urls, username, credential }: IceServer): boolean {
  const needsCredential = urls.some((url) => /^turns?:/i.test(url));
  return (
    urls.length > 0 && urls.every(isIceUrl) && !(needsCredential && (username === "" || credential === ""))
  );
}

/** RFC 7064, RFC 7065. */
function isIceUrl(url: string): boolean {
  return /^(stuns?:[^\s?#@/]+|turns?:[^\s?#@/]+(\?transport=(udp|tcp))?)$/i.test(url);
}

function toRtcIceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls, ...(username ? { username, credential } : {}) };
}
