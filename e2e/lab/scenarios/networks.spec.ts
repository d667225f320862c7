import { expect } from "@playwright/test";
import { type CallReport, finishedCall } from "../../support/lab-events.ts";
import { serverHost } from "../../support/lab-stack.ts";
import type { LabNetwork, Site } from "../network.ts";
import { test } from "./lab-test.ts";

const talk = ["--talk", "500ms"];

/** Where Alice, who calls, and Bob, who echoes, are, and how they must find each other. */
interface Case extends LabNetwork {
  readonly name: string;
  readonly expected: Partial<CallReport>;
}

const aliceBehind = (nat: Site["nat"]): Site => ({ name: "home", nat, hosts: ["alice"] });
const bobBehind = (nat: Site["nat"]): Site => ({ name: "office", nat, hosts: ["bob"] });

const cases: readonly Case[] = [
  {
    name: "two on one network talk directly, by their own addresses",
    publicHosts: [serverHost],
    sites: [{ name: "home", nat: "port-restricted", hosts: ["alice", "bob"] }],
    expected: { path: "direct", pair: "host host udp" },
  },
  {
    name: "one behind an address-restricted NAT talks directly to one with a public address",
    publicHosts: [serverHost, "bob"],
    sites: [aliceBehind("address-restricted")],
    expected: { path: "direct" },
  },
  {
    name: "two behind address-restricted NATs talk directly",
    publicHosts: [serverHost],
    sites: [aliceBehind("address-restricted"), bobBehind("address-restricted")],
    expected: { path: "direct" },
  },
  {
    name: "two behind port-restricted NATs talk directly",
    publicHosts: [serverHost],
    sites: [aliceBehind("port-restricted"), bobBehind("port-restricted")],
    expected: { path: "direct" },
  },
  {
    name: "one behind a symmetric NAT talks directly to one behind a full-cone NAT",
    publicHosts: [serverHost],
    sites: [aliceBehind("symmetric"), bobBehind("full-cone")],
    expected: { path: "direct" },
  },
  {
    name: "two behind symmetric NATs talk through the relay, and are told so",
    publicHosts: [serverHost],
    sites: [aliceBehind("symmetric"), bobBehind("symmetric")],
    expected: { path: "relayed" },
  },
  {
    name: "one without UDP talks through the relay over TCP",
    publicHosts: [serverHost],
    sites: [{ ...aliceBehind("port-restricted"), blocksUdp: true }, bobBehind("port-restricted")],
    expected: { path: "relayed", relayProtocol: "tcp" },
  },
];

for (const { name, expected, ...network } of cases) {
  test(name, async ({ openStack, measured }) => {
    const stack = await openStack(network);
    await stack.echo("bob");
    const report = await finishedCall(stack.call("alice", ...talk));
    measured("call", report);
    expect(report).toMatchObject(expected);
  });
}
