import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { type LabNetwork, ownerOf, type Place, planMove, planNetwork, type Step } from "./network.ts";
import { deafRules, hearingRules } from "./rules.ts";

/** A network that is there, until it is closed. */
export interface Lab {
  /** Throws for a host that is not in the network. */
  place(host: string): Place;
  /** What to put before a command, so that it runs on the host. */
  enter(host: string): readonly string[];
  /** The host's only address becomes this one at once. */
  move(host: string, address: string): void;
  /** No datagram reaches the hosts of a site any more, though they send, until the returned function is called. */
  deafen(site: string): () => void;
  /** Ends every process on its hosts and removes the network. */
  close(): void;
}

/** Builds the network; removes what is there of it, and throws, when a command fails. */
export function openLab(network: LabNetwork): Lab {
  const plan = planNetwork(network, process.pid);
  const places = new Map(Object.entries(plan.places));
  const close = () => {
    for (const namespace of plan.namespaces) removeNamespace(namespace);
  };
  try {
    for (const step of plan.steps) run(step);
  } catch (error) {
    close();
    throw error;
  }

  function place(host: string): Place {
    const found = places.get(host);
    if (!found) throw new Error(`no host "${host}" in the lab: there are ${[...places.keys()].join(", ")}`);
    return found;
  }

  const enter = (host: string) => ["ip", "netns", "exec", place(host).namespace];

  return {
    place,
    enter,
    move(host, address) {
      run(planMove(place(host), address));
      places.set(host, { ...place(host), address });
    },
    deafen(site) {
      const rule = (input: string) => void run({ argv: [...enter(site), "nft", "-f", "-"], input });
      rule(deafRules);
      return () => rule(hearingRules);
    },
    close,
  };
}

/** Throws, with the fix, when this machine does not let a lab be built. */
export function requireLab(): void {
  try {
    openLab({
      publicHosts: ["probe"],
      sites: [{ name: "router", nat: "symmetric", hosts: ["inner"] }],
    }).close();
    run({ argv: ["turnserver", "--version"], input: "" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The NAT lab cannot run here: ${reason}\nFix: Linux, as root, with network namespaces (in a container: --privileged), after \`apt-get install iproute2 nftables coturn\`.`,
    );
  }
}

/** Removes what labs left behind whose process is gone; with `all`, every lab's. Returns the removed namespaces. */
export function cleanLabs(all = false): readonly string[] {
  const left = namespaces().filter((name) => {
    const owner = ownerOf(name);
    return owner !== undefined && (all || !isRunning(owner));
  });
  for (const name of left) removeNamespace(name);
  return left;
}

const namespaceFolder = "/run/netns";

function namespaces(): readonly string[] {
  try {
    return readdirSync(namespaceFolder);
  } catch {
    return [];
  }
}

function removeNamespace(name: string): void {
  if (!namespaces().includes(name)) return;
  for (const pid of run({ argv: ["ip", "netns", "pids", name], input: "" })
    .split("\n")
    .filter(Boolean))
    kill(Number(pid));
  run({ argv: ["ip", "netns", "del", name], input: "" });
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Returns what the command printed. */
function run({ argv, input }: Step): string {
  const [command = "", ...args] = argv;
  const { error, status, stdout, stderr } = spawnSync(command, args, { input, encoding: "utf8" });
  if (error) throw new Error(`\`${command}\` did not start: ${error.message}`);
  if (status !== 0) throw new Error(`\`${argv.join(" ")}\` failed: ${stderr.trim()}\n${input}`);
  return stdout;
}
