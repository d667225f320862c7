import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { fateOf, seededRandom, type Trouble } from "../support/path-trouble.ts";

/**
 * `node udp-forwarder.ts <host:port> <target host:port> <JSON of the trouble>`: passes datagrams on, both ways, late or not
 * at all. Each sender has a port of its own towards the target. Prints `forwarding` when it listens.
 */
const [own = "", target = "", trouble = "{}"] = process.argv.slice(2);
const { seed, ...path } = JSON.parse(trouble) as Trouble & { readonly seed: number };
const random = seededRandom(seed);
const [ownHost = "", ownPort = ""] = own.split(":");
const [targetHost = "", targetPort = ""] = target.split(":");

const entrance = await bound(Number(ownPort), ownHost);
const exits = new Map<string, Promise<Socket>>();

entrance.on("message", (bytes, from) => {
  const sender = `${from.address}:${from.port}`;
  const exit = exits.get(sender) ?? openExit(sender, from.address, from.port);
  exits.set(sender, exit);
  void exit.then((socket) => suffer(() => socket.send(bytes, Number(targetPort), targetHost)));
});
process.stdout.write("forwarding\n");

async function openExit(sender: string, address: string, port: number): Promise<Socket> {
  const exit = await bound(0, ownHost);
  exit.on("message", (bytes) => suffer(() => entrance.send(bytes, port, address)));
  exit.on("close", () => exits.delete(sender));
  return exit;
}

function suffer(pass: () => void): void {
  const fate = fateOf(path, random());
  if (fate !== "lost") setTimeout(pass, fate.afterMs);
}

async function bound(port: number, host: string): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(port, host);
  await once(socket, "listening");
  return socket;
}
