import { meterDevice } from "./link-commands.ts";
import type { Site } from "./network.ts";

/**
 * nftables of a host: copies of arriving media go to the meter, not what still comes for an address that it lost. RTP has version 2 in its first two bits (RFC 3550, 5.1);
 * in TURN's ChannelData, which begins with the bits 01, it is four bytes further on (RFC 8656, 12.4).
 */
export const meterRules = `table netdev media {
  chain arriving {
    type filter hook ingress device "eth0" priority 0; policy accept;
    fib daddr type local udp dport 1-65535 @th,64,2 2 dup to "${meterDevice}"
    fib daddr type local udp dport 1-65535 @th,64,2 1 @th,96,2 2 dup to "${meterDevice}"
  }
}
`;

/** nftables of a router whose hosts no datagram reaches any more, though they send: the path is broken one way. */
export const deafRules = `table inet deaf {
  chain through {
    type filter hook forward priority -1; policy accept;
    iifname "eth0" meta l4proto udp drop
  }
}
`;

/** Undoes `deafRules`. */
export const hearingRules = "delete table inet deaf\n";

/**
 * nftables of a router. What arrives unasked is dropped before the connection tracking keeps it: an entry of its own
 * would take the port that the inner host's packets are about to leave from. Frames between two inner hosts may be shown
 * to the forwarding chain as well (bridge-nf-call-iptables), so they are let through by name.
 */
export function routerRules(site: Pick<Site, "nat" | "blocksUdp">, innerHosts: readonly string[]): string {
  return `table ip nat {
  set written {
    type ipv4_addr; flags dynamic,timeout; timeout 60s;
  }
  chain before {
    type nat hook prerouting priority dstnat; policy accept;
${indented(unasked(site, innerHosts))}  }
  chain after {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "eth0" masquerade${site.nat === "symmetric" ? " random,fully-random" : ""}
  }
  chain through {
    type filter hook forward priority 0; policy drop;
    iifname "inner" oifname "inner" accept
${indented(site.blocksUdp ? ["meta l4proto udp drop"] : [])}    oifname "eth0" meta l4proto udp add @written { ip daddr }
    oifname "eth0" accept
    ct state established,related accept
    ct status dnat accept
  }
  chain inbound {
    type filter hook input priority 0; policy accept;
    iifname "eth0" ct state new drop
  }
}
`;
}

/** Datagrams that answer nothing, and yet may come in. */
function unasked({ nat }: Pick<Site, "nat">, innerHosts: readonly string[]): readonly string[] {
  if (nat !== "full-cone" && nat !== "address-restricted") return [];
  const [host, ...others] = innerHosts;
  if (host === undefined || others.length > 0) {
    throw new Error(`A ${nat} NAT of the lab serves exactly one host. Fix: give every host a site.`);
  }
  const senders = nat === "address-restricted" ? "ip saddr @written " : "";
  return [`iifname "eth0" meta l4proto udp ${senders}dnat to ${host}`];
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${line}\n`).join("");
}
