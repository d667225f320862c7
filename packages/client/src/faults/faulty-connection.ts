import type { Clock } from "@peerline/call-machine";
import type { ChannelLike, ConnectionLike, StatsReportLike } from "@peerline/peer-connection";
import { createDeadPath, type DeadPath } from "./dead-path.ts";
import type { Switchboard } from "./fault-switches.ts";
import { type FaultyChannel, faultyChannel } from "./faulty-channel.ts";
import type { ConfigurationFaults } from "./faulty-configuration.ts";
import { createFaultyMedia } from "./faulty-media.ts";
import { override } from "./override.ts";
import { type NativeStates, pathReport } from "./path-report.ts";

export interface ConnectionFaults {
  readonly board: Switchboard;
  readonly configurations: ConfigurationFaults;
  readonly clock: Clock;
}

type Create = (configuration: RTCConfiguration) => ConnectionLike;

/**
 * `create`, behind the switches `force-relay`, `expire-turn` and `kill-media`. A page cannot cut the packets of a connection, so
 * the last one silences both directions at its ends, holds what the data channels carry, stops the counters, and says of the
 * path what a connection says whose packets get lost. The peer hears nothing, and its own ICE agent sees no fault.
 */
export function faultyConnections(create: Create, faults: ConnectionFaults): Create {
  return (configuration) => {
    const native = create(faults.configurations.apply(configuration));
    const reconfigure = followConfiguration(native, configuration, faults);
    return onDeadPath(native, reconfigure, faults);
  };
}

interface Reconfigure {
  apply(configuration: RTCConfiguration): void;
  close(): void;
}

/** What is switched later holds for connections that are open, from their next gathering on. */
function followConfiguration(
  native: ConnectionLike,
  first: RTCConfiguration,
  { board, configurations }: ConnectionFaults,
): Reconfigure {
  let wanted = first;
  const renew = () => native.setConfiguration(configurations.apply(wanted));
  const exits = [board.on("force-relay", renew), board.on("expire-turn", renew)];
  return {
    apply(configuration) {
      wanted = configuration;
      renew();
    },
    close() {
      for (const exit of exits) exit();
    },
  };
}

type StateListener = () => void;

function onDeadPath(
  native: ConnectionLike,
  reconfigure: Reconfigure,
  faults: ConnectionFaults,
): ConnectionLike {
  const media = createFaultyMedia(native);
  const channels: FaultyChannel[] = [];
  const listeners = new Set<StateListener>();
  let wasUp = false;
  let lastStats: Promise<StatsReportLike> | undefined;

  const path: DeadPath = createDeadPath(faults.board, faults.clock, {
    onTurn(isDead) {
      wasUp = isDead && isUp(native);
      lastStats = isDead ? native.getStats() : undefined;
      lastStats?.catch(() => undefined);
      media.silence(isDead);
      if (!isDead) for (const channel of channels) channel.flush();
    },
    onState: () => queueMicrotask(tell),
  });
  function tell(): void {
    for (const listener of [...listeners]) listener();
  }
  const states = () => pathReport(path.state(), nativeStates(native), wasUp);

  return override(native, {
    get connectionState() {
      return states().connection;
    },
    get iceConnectionState() {
      return states().ice;
    },
    addEventListener(type: string, listener: (event: never) => void) {
      if (type.endsWith("connectionstatechange")) listeners.add(listener as StateListener);
      Reflect.apply(native.addEventListener, native, [type, listener]);
    },
    restartIce() {
      native.restartIce();
      path.renewed();
    },
    async setRemoteDescription(description) {
      await native.setRemoteDescription(description);
      path.renewed();
    },
    addTransceiver: (kind, init) => media.wrap(native.addTransceiver(kind, init)),
    getTransceivers: () => native.getTransceivers().map(media.wrap),
    createDataChannel(label, init): ChannelLike {
      const made = faultyChannel(native.createDataChannel(label, init), path.isDead);
      channels.push(made);
      return made.channel;
    },
    setConfiguration: reconfigure.apply,
    getStats: () => lastStats ?? native.getStats(),
    close() {
      path.close();
      reconfigure.close();
      native.close();
    },
  });
}

function nativeStates({ connectionState, iceConnectionState }: ConnectionLike): NativeStates {
  return { connection: connectionState, ice: iceConnectionState };
}

function isUp({ iceConnectionState }: ConnectionLike): boolean {
  return ["connected", "completed", "disconnected"].includes(iceConnectionState);
}
