import { expect, test } from "vitest";
import { type LabNetwork, ownerOf, planMove, planNetwork } from "./network.ts";

const owner = 7;
const twoSites: LabNetwork = {
  publicHosts: ["server"],
  sites: [
    { name: "home", nat: "symmetric", hosts: ["alice"] },
    { name: "office", nat: "port-restricted", hosts: ["bob", "carol"] },
  ],
};

test("every host and router has a namespace of its own, the world too", () => {
  expect(planNetwork(twoSites, owner).namespaces).toEqual([
    "pl-7-world",
    "pl-7-server",
    "pl-7-home",
    "pl-7-alice",
    "pl-7-office",
    "pl-7-bob",
    "pl-7-carol",
  ]);
});

test("hosts of a site have private addresses behind their router's", () => {
  expect(planNetwork(twoSites, owner).places).toEqual({
    server: { namespace: "pl-7-server", address: "203.0.113.10", gateway: "203.0.113.1" },
    home: { namespace: "pl-7-home", address: "203.0.113.100", gateway: "203.0.113.1" },
    alice: { namespace: "pl-7-alice", address: "192.168.1.10", gateway: "192.168.1.1" },
    office: { namespace: "pl-7-office", address: "203.0.113.101", gateway: "203.0.113.1" },
    bob: { namespace: "pl-7-bob", address: "192.168.2.10", gateway: "192.168.2.1" },
    carol: { namespace: "pl-7-carol", address: "192.168.2.11", gateway: "192.168.2.1" },
  });
});

test("a host is plugged into its router's bridge, and has a meter", () => {
  const { steps } = planNetwork(twoSites, owner);
  const of = (namespace: string) =>
    steps.filter(({ argv }) => argv[1] === "-n" && argv[2] === namespace).map(({ input }) => input);
  expect(of("pl-7-alice")).toEqual([
    [
      "link set lo up",
      "link add eth0 type veth peer name to-alice netns pl-7-home",
      "addr add 192.168.1.10/24 dev eth0",
      "link set eth0 up",
      "route add default via 192.168.1.1",
      "link add meter type veth peer name meter-end",
      "link set meter up",
      "link set meter-end up",
      "",
    ].join("\n"),
  ]);
  expect(of("pl-7-home")).toContain("link set to-alice master inner\nlink set to-alice up\n");
});

test("only routers forward", () => {
  const forwarding = planNetwork(twoSites, owner).steps.filter(({ argv }) =>
    argv.includes("/proc/sys/net/ipv4/ip_forward"),
  );
  expect(forwarding.map(({ argv }) => argv[3])).toEqual(["pl-7-home", "pl-7-office"]);
});

test.each([["Alice"], ["averylongname"], ["world"], ["server"], [""], ["a-b"]])(
  "%j is refused as a second host's name",
  (name) => {
    expect(() => planNetwork({ publicHosts: ["server", name], sites: [] }, owner)).toThrow(
      `"${name}" cannot name a host of the lab. Fix: up to eight lower-case letters, each name once, not "world".`,
    );
  },
);

test("a move takes the only address away and gives another", () => {
  const place = { namespace: "pl-7-alice", address: "192.168.1.10", gateway: "192.168.1.1" };
  expect(planMove(place, "192.168.1.99")).toEqual({
    argv: ["ip", "-n", "pl-7-alice", "-batch", "-"],
    input:
      "addr del 192.168.1.10/24 dev eth0\naddr add 192.168.1.99/24 dev eth0\nroute replace default via 192.168.1.1\n",
  });
});

test.each([
  ["pl-7-alice", 7],
  ["pl-1234567-world", 1_234_567],
  ["pl-alice", undefined],
  ["pl-7-", undefined],
  ["other-7-alice", undefined],
])("the owner of %s is %s", (namespace, expected) => {
  expect(ownerOf(namespace)).toBe(expected);
});
