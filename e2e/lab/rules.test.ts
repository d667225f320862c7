import { describe, expect, test } from "vitest";
import { routerRules } from "./rules.ts";

const inner = ["192.168.1.10"];

test("a symmetric NAT takes a random port for every connection, and lets nothing unasked in", () => {
  expect(routerRules({ nat: "symmetric" }, inner)).toBe(`table ip nat {
  set written {
    type ipv4_addr; flags dynamic,timeout; timeout 60s;
  }
  chain before {
    type nat hook prerouting priority dstnat; policy accept;
  }
  chain after {
    type nat hook postrouting priority srcnat; policy accept;
    oifname "eth0" masquerade random,fully-random
  }
  chain through {
    type filter hook forward priority 0; policy drop;
    iifname "inner" oifname "inner" accept
    oifname "eth0" meta l4proto udp add @written { ip daddr }
    oifname "eth0" accept
    ct state established,related accept
    ct status dnat accept
  }
  chain inbound {
    type filter hook input priority 0; policy accept;
    iifname "eth0" ct state new drop
  }
}
`);
});

describe("what a NAT does", () => {
  const symmetric = routerRules({ nat: "symmetric" }, inner).split("\n");
  const difference = (rules: string) => rules.split("\n").filter((line) => !symmetric.includes(line));

  test.each([
    [
      "full-cone",
      ['    iifname "eth0" meta l4proto udp dnat to 192.168.1.10', '    oifname "eth0" masquerade'],
    ],
    [
      "address-restricted",
      [
        '    iifname "eth0" meta l4proto udp ip saddr @written dnat to 192.168.1.10',
        '    oifname "eth0" masquerade',
      ],
    ],
    ["port-restricted", ['    oifname "eth0" masquerade']],
  ] as const)("%s differs by its own lines", (nat, lines) => {
    expect(difference(routerRules({ nat }, inner))).toEqual(lines);
  });

  test("a site without UDP drops it first", () => {
    const rules = routerRules({ nat: "symmetric", blocksUdp: true }, inner);
    expect(difference(rules)).toEqual(["    meta l4proto udp drop"]);
  });

  test("a NAT that lets the unasked in has one host to give it to", () => {
    expect(() => routerRules({ nat: "full-cone" }, [...inner, "192.168.1.11"])).toThrow(
      "A full-cone NAT of the lab serves exactly one host. Fix: give every host a site.",
    );
  });
});
