import { bridgeCommands, meterCommands, plugCommands, portCommands } from "./link-commands.ts";
import { meterRules, routerRules } from "./rules.ts";

/**
 * How a router rewrites addresses, by RFC 4787. All but `symmetric` map one inner port to one outer port, whoever is
 * asked; they differ in who may answer: anybody, addresses that were written to, addresses with the port that was
 * written to. `symmetric` takes a new port for every peer, so that what STUN saw is of no use to the other side.
 */
export type Nat = "full-cone" | "address-restricted" | "port-restricted" | "symmetric";

/** A private network behind a router of its own. */
export interface Site {
  readonly name: string;
  readonly nat: Nat;
  /** Nothing but TCP gets out. Default: false. */
  readonly blocksUdp?: boolean;
  readonly hosts: readonly string[];
}

/** What a scenario's world looks like. Names are unique: up to eight lower-case letters. */
export interface LabNetwork {
  /** Hosts with an address of the lab's internet. */
  readonly publicHosts: readonly string[];
  readonly sites: readonly Site[];
}

/** One command, and what it reads. */
export interface Step {
  readonly argv: readonly string[];
  readonly input: string;
}

/** Where a host is. */
export interface Place {
  readonly namespace: string;
  readonly address: string;
  readonly gateway: string;
}

/** Everything that has to be done to have the network. */
export interface NetworkPlan {
  /** By the names of hosts and routers. */
  readonly places: Readonly<Record<string, Place>>;
  readonly namespaces: readonly string[];
  /** In this order. */
  readonly steps: readonly Step[];
}

/** A host, or a router with the private network behind it. */
interface Node {
  readonly name: string;
  /** Of `eth0`. */
  readonly address: string;
  readonly gateway: string;
  /** Whose bridge `eth0` is plugged into. */
  readonly uplink: string;
  readonly router?: {
    readonly site: Site;
    readonly innerAddress: string;
    readonly innerHosts: readonly string[];
  };
}

const world = "world";
const worldAddress = "203.0.113.1";
const firstPublic = 10;
const firstRouter = 100;
const firstInner = 10;

/** The commands for `network`. `owner` keeps labs on one machine apart: the id of the process they belong to. */
export function planNetwork(network: LabNetwork, owner: number): NetworkPlan {
  const nodes = [...network.publicHosts.map(publicHost), ...network.sites.flatMap(siteNodes)];
  const names = [world, ...nodes.map(({ name }) => name)];
  checkNames(names);
  const inside = (name: string) => namespaceOf(owner, name);
  const bridges = [
    { name: world, address: worldAddress },
    ...nodes.flatMap(({ name, router }) => (router ? [{ name, address: router.innerAddress }] : [])),
  ];
  return {
    places: Object.fromEntries(
      nodes.map(({ name, address, gateway }) => [name, { namespace: inside(name), address, gateway }]),
    ),
    namespaces: names.map(inside),
    steps: [
      batch(
        [],
        names.map((name) => `netns add ${inside(name)}`),
      ),
      ...names.map((name) => write(inside(name), "ipv6/conf/all/disable_ipv6")),
      ...bridges.map(({ name, address }) => batch(["-n", inside(name)], bridgeCommands(address))),
      ...nodes.flatMap((node) => [
        batch(["-n", inside(node.name)], nodeCommands(node, inside(node.uplink))),
        batch(["-n", inside(node.uplink)], portCommands(node.name)),
        nodeRules(node, inside(node.name)),
      ]),
      ...nodes.filter(({ router }) => router).map(({ name }) => write(inside(name), "ipv4/ip_forward")),
    ],
  };
}

/** A host's only address becomes another one at once, as when a phone goes from one network to the next. */
export function planMove({ namespace, address, gateway }: Place, next: string): Step {
  return batch(
    ["-n", namespace],
    [
      `addr del ${address}/24 dev eth0`,
      `addr add ${next}/24 dev eth0`,
      `route replace default via ${gateway}`,
    ],
  );
}

/** The namespace of a host. */
function namespaceOf(owner: number, name: string): string {
  return `pl-${owner}-${name}`;
}

/** The process that a namespace belongs to. Undefined: no lab made it. */
export function ownerOf(namespace: string): number | undefined {
  const [, owner] = /^pl-(\d+)-[a-z]+$/.exec(namespace) ?? [];
  return owner === undefined ? undefined : Number(owner);
}

function publicHost(name: string, index: number): Node {
  return { name, address: `203.0.113.${firstPublic + index}`, gateway: worldAddress, uplink: world };
}

function siteNodes(site: Site, index: number): readonly Node[] {
  const subnet = `192.168.${index + 1}`;
  const innerAddress = `${subnet}.1`;
  const hosts = site.hosts.map<Node>((name, host) => ({
    name,
    address: `${subnet}.${firstInner + host}`,
    gateway: innerAddress,
    uplink: site.name,
  }));
  const innerHosts = hosts.map(({ address }) => address);
  const address = `203.0.113.${firstRouter + index}`;
  const router = { site, innerAddress, innerHosts };
  return [{ name: site.name, address, gateway: worldAddress, uplink: world, router }, ...hosts];
}

function nodeCommands({ address, gateway, name, router }: Node, uplink: string): readonly string[] {
  return [...plugCommands({ name, address, gateway, uplink }), ...(router ? [] : meterCommands)];
}

function nodeRules({ router }: Node, namespace: string): Step {
  const input = router ? routerRules(router.site, router.innerHosts) : meterRules;
  return { argv: ["ip", "netns", "exec", namespace, "nft", "-f", "-"], input };
}

function batch(options: readonly string[], lines: readonly string[]): Step {
  return { argv: ["ip", ...options, "-batch", "-"], input: `${lines.join("\n")}\n` };
}

/** Turns on a switch of the kernel. */
function write(namespace: string, path: string): Step {
  return { argv: ["ip", "netns", "exec", namespace, "tee", `/proc/sys/net/${path}`], input: "1" };
}

function checkNames(names: readonly string[]): void {
  const bad = names.find((name, index) => !/^[a-z]{1,8}$/.test(name) || names.indexOf(name) !== index);
  if (bad !== undefined) {
    throw new Error(
      `"${bad}" cannot name a host of the lab. Fix: up to eight lower-case letters, each name once, not "${world}".`,
    );
  }
}
