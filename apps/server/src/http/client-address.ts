import { isIP } from "node:net";
import { type Networks, plainAddress } from "./networks.ts";

/** So many hops of proxies are believed; what stands before is cut off. */
const maxHops = 16;

/**
 * Whose request it is: the address of the connection, or behind a trusted proxy the last address in `X-Forwarded-For` that
 * is not one of the trusted ones. What clients write into the header themselves stands further left and is never reached.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, trusted: Networks): string {
  let address = plainAddress(peer);
  const hops = (forwardedFor ?? "").split(",").slice(-maxHops).reverse();
  for (const hop of hops) {
    if (!trusted.has(address)) return address;
    const before = plainAddress(withoutPort(hop.trim()));
    if (isIP(before) === 0) return address;
    address = before;
  }
  return address;
}

/** "192.0.2.1:4711" and "[2001:db8::1]:4711" are written too. */
function withoutPort(hop: string): string {
  const inBrackets = /^\[([^\]]*)\](?::\d+)?$/.exec(hop)?.[1];
  if (inBrackets !== undefined) return inBrackets;
  return /^[\d.]+:\d+$/.test(hop) ? hop.replace(/:\d+$/, "") : hop;
}

const groupsPerSubscriber = 4;
const groupsPerSite = 3;

/** What is counted as one address: an IPv4 address, or an IPv6 network of 64 bits, which is what one subscriber has. */
export function addressGroup(address: string): string {
  const plain = plainAddress(address);
  return isIP(plain) === 6 ? `${groupsOf(plain, groupsPerSubscriber)}::/64` : plain;
}

/** An address as it stands in a log: its network, of 24 bits (IPv4) or 48 (IPv6), in which nobody is alone. */
export function loggedAddress(address: string | undefined): string {
  if (address === undefined) return "unknown";
  const plain = plainAddress(address);
  if (isIP(plain) === 6) return `${groupsOf(plain, groupsPerSite)}::/48`;
  return isIP(plain) === 4 ? plain.replace(/\.\d+$/, ".0/24") : "unknown";
}

/** The first groups of an IPv6 address, written out. */
function groupsOf(address: string, count: number): string {
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const gap = tail === undefined ? 0 : Math.max(0, groupsInAll - left.length - right.length);
  const all = [...left, ...Array.from({ length: gap }, () => "0"), ...right];
  return all
    .slice(0, count)
    .map((group) => Number.parseInt(group, hexadecimal).toString(hexadecimal))
    .join(":");
}

const groupsInAll = 8;
const hexadecimal = 16;
