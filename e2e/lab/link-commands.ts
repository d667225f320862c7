/** The device that copies of arriving media go to, so that its counters tell media from all else. */
export const meterDevice = "meter";

/** Lines for `ip -batch`: a switch that hosts plug into, with an address of its own. */
export function bridgeCommands(address: string): readonly string[] {
  return [
    "link set lo up",
    "link add inner type bridge",
    `addr add ${address}/24 dev inner`,
    "link set inner up",
  ];
}

/**
 * A cable to a bridge. The default route of public hosts leads to the world, which forwards nothing: packets to private
 * addresses vanish, as on the internet, and are no error at the sender.
 */
export function plugCommands(host: {
  readonly name: string;
  readonly address: string;
  readonly gateway: string;
  readonly uplink: string;
}): readonly string[] {
  return [
    "link set lo up",
    `link add eth0 type veth peer name ${portOf(host.name)} netns ${host.uplink}`,
    `addr add ${host.address}/24 dev eth0`,
    "link set eth0 up",
    `route add default via ${host.gateway}`,
  ];
}

/** The bridge's end of the cable. */
export function portCommands(name: string): readonly string[] {
  return [`link set ${portOf(name)} master inner`, `link set ${portOf(name)} up`];
}

/** For hosts that send and receive media. */
export const meterCommands: readonly string[] = [
  `link add ${meterDevice} type veth peer name ${meterDevice}-end`,
  `link set ${meterDevice} up`,
  `link set ${meterDevice}-end up`,
];

function portOf(name: string): string {
  return `to-${name}`;
}
