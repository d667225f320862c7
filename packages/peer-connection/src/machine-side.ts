import type { Clock, Logger, PeerHandle } from "@peerline/call-machine";
import type { Channels } from "./channels.ts";
import type { IceServers } from "./configuration.ts";
import type { ConnectionLike } from "./connection-like.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Handlers } from "./handlers.ts";
import type { LocalCandidates } from "./local-candidates.ts";
import type { MediaLines } from "./media-lines.ts";
import type { Negotiator } from "./negotiator.ts";
import { PeerError } from "./peer-error.ts";
import type { RemoteCandidates } from "./remote-candidates.ts";
import type { SerialQueue } from "./serial-queue.ts";
import type { ConnectionWatch } from "./watch-connection.ts";

/** A `bye` on its way gets this long before the connection goes, in ms. */
export const lingerMs = 250;

/** How far a connection is gone. */
export interface PeerLife {
  closed: boolean;
  /** A `bye` may still be on its way. */
  saidBye: boolean;
}

/** One open connection and what works on it. */
export interface PeerParts {
  readonly connection: ConnectionLike;
  readonly options: { readonly generation: number; readonly clock: Clock };
  readonly life: PeerLife;
  readonly logger: Logger | undefined;
  readonly handlers: Handlers;
  readonly deadlines: Deadlines;
  readonly queue: SerialQueue;
  readonly channels: Channels;
  readonly lines: MediaLines;
  readonly local: LocalCandidates;
  readonly remote: RemoteCandidates;
  readonly watch: ConnectionWatch;
  readonly iceServers: IceServers;
  readonly negotiate: Negotiator;
}

/** What the call machine does with a connection. */
export function machineSide(parts: PeerParts): PeerHandle {
  const { options, life, logger, channels, lines, local, remote, watch, iceServers, negotiate } = parts;
  return {
    apply(description) {
      negotiate({ type: "received", description });
    },
    addCandidates(candidates) {
      if (!life.closed && candidates.generation === options.generation) remote.add(candidates);
    },
    restartIce() {
      if (life.closed) return;
      watch.restarted();
      iceServers.refresh();
      negotiate({ type: "restart" });
    },
    setSending(on) {
      if (life.closed) return;
      lines.setSending(on);
      if (on) queueMicrotask(watch.tellAgain);
    },
    resend() {
      negotiate({ type: "resend" });
      if (!life.closed) local.resend();
    },
    say(signal) {
      if (life.closed) return;
      const said = attempt(() => channels.say(signal), logger) ?? false;
      life.saidBye ||= said && signal.type === "bye";
    },
    close() {
      if (!life.closed) closeAll(parts);
    },
  };
}

function closeAll({
  connection,
  options,
  life,
  logger,
  handlers,
  deadlines,
  queue,
  channels,
  lines,
  local,
  remote,
  watch,
  negotiate,
}: PeerParts) {
  life.closed = true;
  negotiate({ type: "close" });
  queue.close();
  deadlines.close();
  local.close();
  remote.close();
  watch.close();
  handlers.release();
  lines.release();
  const close = () => {
    attempt(() => connection.close(), logger);
  };
  const { clock } = options;
  if (life.saidBye && channels.control.readyState === "open") clock.setTimer(clock.now() + lingerMs, close);
  else close();
}

/** A platform may refuse anything once its connection is gone. */
function attempt<T>(run: () => T, logger: Logger | undefined): T | undefined {
  try {
    return run();
  } catch (thrown) {
    logger?.debug("refused by the platform", { error: PeerError.from(thrown).message });
    return undefined;
  }
}
