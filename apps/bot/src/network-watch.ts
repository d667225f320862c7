import type { NetworkInterfaceInfo } from "node:os";
import type { Clock } from "@peerline/call-machine";

/** How often the machine's addresses are read. */
const pollPeriodMs = 500;

/** What `os.networkInterfaces()` returns. */
export type Interfaces = Readonly<NodeJS.Dict<readonly NetworkInterfaceInfo[]>>;

export interface NetworkWatchPorts {
  readonly read: () => Interfaces;
  readonly clock: Clock;
  /** Called after each change that leaves an address to be reached at. */
  readonly onChange: () => void;
}

/**
 * Looks at the machine's addresses every 500 ms: Node has no event for a change of networks. A machine without any address
 * is not told about before it has one again. Returns the way out. PROTOCOL row 57.
 */
export function watchNetwork({ read, clock, onChange }: NetworkWatchPorts): () => void {
  let known = addressesOf(read());
  let cancel = next();

  function next(): () => void {
    return clock.setTimer(clock.now() + pollPeriodMs, look);
  }

  function look(): void {
    cancel = next();
    const found = addressesOf(read());
    const isOther = hasChanged(known, found);
    known = found;
    if (isOther && found.length > 0) onChange();
  }

  return () => cancel();
}

const linkLocalPrefix = "fe80:";

/** Where others can reach this machine, sorted. Loopback and link-local addresses say nothing about a network. */
export function addressesOf(interfaces: Interfaces): readonly string[] {
  return Object.entries(interfaces)
    .flatMap(([name, infos = []]) =>
      infos
        .filter(({ internal, address }) => !internal && !address.startsWith(linkLocalPrefix))
        .map(({ address }) => `${name} ${address}`),
    )
    .sort();
}

/** The same addresses on the same interfaces are the same network. */
export function hasChanged(before: readonly string[], after: readonly string[]): boolean {
  return before.length !== after.length || before.some((address, index) => address !== after[index]);
}
