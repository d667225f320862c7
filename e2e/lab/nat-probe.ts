import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";

/**
 * Finds out what kind of NAT a host is behind (RFC 4787, 4 and 5), from one local port. `nat-probe.ts answer` on two
 * public hosts, then `nat-probe.ts ask <host> <other host>` on the inner one, which prints one line of JSON.
 */

const port = 4001;
const otherPort = 4002;
/** A datagram that has not come by then was kept out: the lab has no delay. */
const waitMs = 400;

const [role, first = "", second = ""] = process.argv.slice(2);
await (role === "answer" ? answer() : ask());

/** Requests are `here`, `other-port`, or `via <host> [<address> <port>]`; every answer says whom it is for. */
async function answer(): Promise<void> {
  const [socket, other] = [await bound(port), await bound(otherPort)];
  socket.on("message", (bytes, from) => {
    const [way, host = "", address = from.address, toPort = String(from.port)] = bytes.toString().split(" ");
    const seen = `${way} ${address}:${toPort}`;
    if (way === "via" && host !== "") socket.send(`at - ${from.address} ${from.port}`, port, host);
    else (way === "other-port" ? other : socket).send(seen, Number(toPort), address);
  });
  process.stdout.write("answering\n");
}

async function ask(): Promise<void> {
  const socket = await bound(0);
  const outside = await request(socket, "here", first);
  const otherPortGetsIn = (await request(socket, "other-port", first)) !== undefined;
  const otherHostGetsIn = (await request(socket, `via ${second}`, first)) !== undefined;
  const seenByOther = await request(socket, "here", second);
  socket.close();
  const sameFor = outside?.split(" ")[1] === seenByOther?.split(" ")[1];
  process.stdout.write(
    `${JSON.stringify({ mapping: sameFor ? "same for all" : "one per peer", otherHostGetsIn, otherPortGetsIn })}\n`,
  );
}

async function request(socket: Socket, message: string, host: string): Promise<string | undefined> {
  socket.send(message, port, host);
  try {
    const [bytes] = (await once(socket, "message", { signal: AbortSignal.timeout(waitMs) })) as [
      Buffer,
      RemoteInfo,
    ];
    return bytes.toString();
  } catch {
    return undefined;
  }
}

async function bound(localPort: number): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(localPort);
  await once(socket, "listening");
  return socket;
}
