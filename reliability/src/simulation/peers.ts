import type { PeerPort } from "@peerline/call-machine";
import { type Random, scriptedPeers } from "@peerline/call-machine/testing";
import { createPeerPort } from "@peerline/peer-connection";
import { createFakeNetwork, type FakeConnection, type FakeNetwork } from "@peerline/peer-connection/testing";
import type { ProcessClock, SimulationClock } from "./clock.ts";

/** The media side of a world. */
export interface Peers {
  /** A port for one process. */
  connect(process: ProcessClock): PeerPlug;
  /** Connections that are not closed. */
  open(): number;
  /** The media of a call stops flowing both ways, and comes back. With `fake` peers: of every call. */
  interrupt(callId: string): void;
  restore(callId: string): void;
  /** Only with `fake` peers. */
  readonly network: FakeNetwork | undefined;
}

export interface PeerPlug {
  readonly port: PeerPort;
  /** The process is gone, and its connections with it. */
  unplug(): void;
}

/**
 * `scripted`: peers that describe, trickle and connect without WebRTC, which is fast. `fake`: the real
 * `@peerline/peer-connection` over a double of RTCPeerConnection, for ICE restarts, failures and the control channel.
 */
export function createPeers(kind: "scripted" | "fake", clock: SimulationClock, random: Random): Peers {
  return kind === "scripted" ? createScripted(clock, random) : createFake(clock, random);
}

/** What a connection reports enters the process as everything else does, and a process's connections die with it. */
function plug(port: PeerPort, process: ProcessClock): PeerPlug {
  const closers = new Set<() => void>();
  return {
    port: {
      open(options, receive) {
        const handle = port.open(options, (event) => process.enter(() => receive(event)));
        const close = () => {
          closers.delete(close);
          handle.close();
        };
        closers.add(close);
        return { ...handle, close };
      },
    },
    unplug() {
      for (const close of [...closers]) close();
    },
  };
}

const seedSpan = 2 ** 31;

function createScripted(clock: SimulationClock, random: Random): Peers {
  const peers = scriptedPeers({ clock, seed: random.between(1, seedSpan) });
  return {
    connect: (process) => plug(peers.createPort(), process),
    open: peers.open,
    interrupt: peers.interrupt,
    restore: peers.restore,
    network: undefined,
  };
}

const stepMs = 1;

function createFake(clock: SimulationClock, random: Random): Peers {
  const network = createFakeNetwork({ schedule: (run) => void clock.setTimer(clock.now() + stepMs, run) });
  return {
    connect(process) {
      const own: FakeConnection[] = [];
      const port = createPeerPort({
        createConnection(configuration) {
          const connection = network.createConnection(configuration);
          own.push(connection);
          return connection;
        },
        getIceServers: () => [],
        clock: process,
        random: random.next,
      });
      const { port: plugged } = plug(port, process);
      return {
        port: plugged,
        unplug() {
          for (const connection of own) connection.close();
        },
      };
    },
    open: () => network.openCount,
    interrupt: network.interrupt,
    restore: network.restore,
    network,
  };
}
