import { BlockList, isIP } from "node:net";

const mappedPrefix = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;
const bits = { ipv4: 32, ipv6: 128 } as const;

/** An address as it is compared here: without a zone, and an IPv4 address never in IPv6's clothes. */
export function plainAddress(address: string): string {
  return address.replace(/%.*$/, "").replace(mappedPrefix, "").toLowerCase();
}

function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? "ipv4" : "ipv6";
}

interface Network {
  readonly address: string;
  readonly family: "ipv4" | "ipv6";
  readonly prefixBits: number;
}

function parseNetwork(text: string): Network | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  const family = familyOf(address);
  if (family === undefined || rest.length > 0) return undefined;
  if (prefix === undefined) return { address, family, prefixBits: bits[family] };
  const prefixBits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  return prefixBits <= bits[family] ? { address, family, prefixBits } : undefined;
}

/** Whether a text is an address, or a network such as "10.0.0.0/8" or "fd00::/8". */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** A set of addresses and networks. */
export interface Networks {
  has(address: string): boolean;
}

/** Texts that are neither addresses nor networks are left out: `isNetwork` tells before. */
export function createNetworks(texts: readonly string[]): Networks {
  const list = new BlockList();
  for (const text of texts) {
    const network = parseNetwork(text);
    if (network) list.addSubnet(network.address, network.prefixBits, network.family);
  }
  return {
    has(address) {
      const plain = plainAddress(address);
      const family = familyOf(plain);
      return family !== undefined && list.check(plain, family);
    },
  };
}

const loopback = createNetworks(["127.0.0.0/8", "::1"]);

/** Whether a server that listens there is reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return host === "localhost" || loopback.has(host);
}
