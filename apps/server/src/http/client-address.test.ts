import { describe, expect, test } from "vitest";
import { addressGroup, clientAddress, loggedAddress } from "./client-address.ts";
import { createNetworks, isNetwork } from "./networks.ts";

const nobody = createNetworks([]);
const proxies = createNetworks(["10.0.0.0/8", "::1", "192.0.2.9"]);

describe("whose request it is", () => {
  test.each([
    ["203.0.113.5", undefined, nobody, "203.0.113.5", "the connection's address"],
    ["203.0.113.5", "1.2.3.4", nobody, "203.0.113.5", "a forged header changes nothing"],
    ["203.0.113.5", "1.2.3.4", proxies, "203.0.113.5", "nor does it from a stranger to the proxies"],
    ["::ffff:203.0.113.5", undefined, nobody, "203.0.113.5", "an IPv4 address on an IPv6 socket"],
    ["10.1.1.1", "1.2.3.4", proxies, "1.2.3.4", "a proxy says for whom it asks"],
    ["::ffff:10.1.1.1", "1.2.3.4", proxies, "1.2.3.4", "a proxy on an IPv6 socket"],
    ["10.1.1.1", "6.6.6.6, 1.2.3.4", proxies, "1.2.3.4", "what the client wrote before is not reached"],
    ["10.1.1.1", "1.2.3.4, 10.2.2.2", proxies, "1.2.3.4", "a chain of proxies"],
    ["10.1.1.1", "10.3.3.3,10.2.2.2", proxies, "10.3.3.3", "someone within"],
    ["10.1.1.1", undefined, proxies, "10.1.1.1", "a proxy that says nothing"],
    ["10.1.1.1", "", proxies, "10.1.1.1", "… or nothing but a header"],
    ["10.1.1.1", "unknown", proxies, "10.1.1.1", "… or no address"],
    ["10.1.1.1", "1.2.3.4, _x, 10.2.2.2", proxies, "10.2.2.2", "garbage ends the way back"],
    ["::1", "[2001:db8::7]:4711", proxies, "2001:db8::7", "IPv6 with a port"],
    ["::1", "198.51.100.3:80", proxies, "198.51.100.3", "IPv4 with a port"],
    ["::1", `${"10.0.0.1,".repeat(5_000)}10.0.0.1`, proxies, "10.0.0.1", "a long chain"],
    ["", undefined, proxies, "", "a connection that is gone"],
  ])("%s says %j", (peer, header, trusted, expected, _why) => {
    expect(clientAddress(peer, header, trusted)).toBe(expected);
  });
});

test.each([
  ["203.0.113.5", "203.0.113.5", "203.0.113.0/24"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"],
  ["2001:DB8::1", "2001:db8:0:0::/64", "2001:db8:0::/48"],
  ["fe80::1%eth0", "fe80:0:0:0::/64", "fe80:0:0::/48"],
  ["::1", "0:0:0:0::/64", "0:0:0::/48"],
  ["::ffff:192.0.2.1", "192.0.2.1", "192.0.2.0/24"],
  ["", "", "unknown"],
])("%s is counted as %s, and logged as %s", (address, group, logged) => {
  expect([addressGroup(address), loggedAddress(address)]).toEqual([group, logged]);
});

test.each([
  ["10.0.0.1", true],
  ["10.0.0.0/8", true],
  ["fd00::/8", true],
  ["0.0.0.0/0", true],
  ["10.0.0.0/33", false],
  ["fd00::/129", false],
  ["10.0.0.0/", false],
  ["10.0.0.0/8/8", false],
  ["10.0.0.0/1e1", false],
  ["localhost", false],
  ["", false],
])("%j is an address or a network: %s", (text, expected) => {
  expect(isNetwork(text)).toBe(expected);
});
