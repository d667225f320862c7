import { type EventEmitter, once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect, type Socket } from "node:net";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { DevelopmentService, SignalingService } from "@peerline/protocol";
import { afterEach, describe, expect, test } from "vitest";
import type { ServerLimits, ServerTimers } from "../config/config.ts";
import { newCallId } from "../testing/commands.ts";
import { type Harness, startHarness } from "../testing/harness.ts";

let harness: Harness;
let open: { destroy(): unknown }[] = [];
afterEach(async () => {
  for (const each of open) each.destroy();
  open = [];
  await harness.close();
});

const start = async (timers: Partial<ServerTimers>, limits: Partial<ServerLimits> = {}) => {
  harness = await startHarness({ timers, limits });
};
const raw = (bytes = ""): Socket => {
  const socket = connect(harness.server.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.resume();
  if (bytes !== "") socket.write(bytes);
  open.push(socket);
  return socket;
};
const http2 = (settings = {}): ClientHttp2Session => {
  const session = connectHttp2(harness.server.url, { settings });
  session.on("error", () => {});
  open.push(session);
  return session;
};
/** Unlike `once`, also for one that is reset. */
const closed = (one: EventEmitter) => new Promise<void>((resolve) => void one.once("close", () => resolve()));
const ready = async () => (await fetch(`${harness.server.url}/readyz`)).status;

describe("a connection on which nobody signs in", () => {
  test.each([
    ["that says nothing", ""],
    ["that says half an HTTP/2 preface", "PRI * HT"],
    ["that says an HTTP/2 preface and no more", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ["that sends half the headers", "POST / HTTP/1.1\r\nHost: x\r\nA: "],
    ["that has asked, and asks no more", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"],
  ])("%s is closed after its time", async (_name, bytes) => {
    await start({ strangerIdleMs: 60 });
    await closed(raw(bytes));
    expect(await ready()).toBe(200);
  });

  test("that goes on asking over HTTP/2 is closed all the same", async () => {
    await start({ strangerIdleMs: 500, strangerMs: 60 });
    const session = http2();
    const over = closed(session);
    const ask = () => {
      if (session.closed || session.destroyed) return;
      const stream = session.request({ ":path": "/healthz" });
      stream.on("error", () => {});
      stream.on("close", () => setImmediate(ask));
      stream.resume();
    };
    ask();
    await over;
  });

  test("that goes on asking over HTTP/1.1 is told to come back by another one", async () => {
    await start({ strangerIdleMs: 5_000, strangerMs: 600 });
    const socket = raw();
    let answers = "";
    const ask = () => socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    socket.on("data", (bytes: Buffer) => {
      answers += bytes.toString();
      if (!socket.destroyed) setImmediate(ask);
    });
    ask();
    await closed(socket);
    expect(answers).toMatch(/connection: close/i);
  });
});

/** As a process that gets no processor for a while: its timers are due before what has arrived meanwhile is read. */
const stall = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("a request that came in time, and that a stalled process has not read yet, is answered", () => {
  test("over HTTP/1.1", async () => {
    await start({ strangerIdleMs: 300 });
    const socket = raw();
    let answer = "";
    socket.on("data", (bytes: Buffer) => {
      answer += bytes.toString();
    });
    await once(socket, "connect");
    await turn();
    await turn();
    socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    stall(700);
    await closed(socket);
    expect(answer.split("\r\n", 1)).toEqual(["HTTP/1.1 200 OK"]);
  });

  test("over HTTP/2", async () => {
    await start({ strangerIdleMs: 300 });
    const session = http2();
    await once(session, "remoteSettings");
    const stream = session.request({ ":path": "/healthz" });
    const answered = once(stream, "response");
    await turn();
    stall(700);
    expect((await answered)[0]).toMatchObject({ ":status": 200 });
  });
});

test("a connection on which somebody has signed in waits longer, and one with a stream is not idle", async () => {
  await start({ strangerIdleMs: 500, strangerMs: 600, idleMs: 1_500 });
  const ada = await harness.open("ada");
  const session = http2();
  const over = closed(session);
  const began = performance.now();
  const stream = session.request({
    ":path": "/peerline.signaling.v1.SignalingService/GetIceServers",
    ":method": "POST",
    "content-type": "application/json",
    authorization: `Bearer ${ada.token}`,
  });
  stream.resume();
  stream.end(JSON.stringify({ endpointId: Buffer.from(newCallId()).toString("base64") }));
  await over;
  expect(performance.now() - began).toBeGreaterThan(1_200);
  expect((await ada.sendRaw([])).results).toEqual([]);
});

describe("one who opens all the connections there are", () => {
  test("and lets them idle shuts nobody out", async () => {
    await start({ strangerIdleMs: 60_000 }, { connections: 40, connectionsPerAddress: 1_000 });
    const sockets = Array.from({ length: 200 }, () => raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    await Promise.all(sockets.slice(0, 160).map((socket) => closed(socket)));
    const ada = await harness.open("ada");
    expect([(await ada.sendRaw([])).results, await ready()]).toEqual([[], 200]);
  });

  test("from one address gets its share of them, and the log says so without naming anyone", async () => {
    await start({ strangerIdleMs: 60_000 }, { connections: 1_000, connectionsPerAddress: 20 });
    const sockets = Array.from({ length: 50 }, () => raw("GET "));
    await Promise.all(sockets.slice(0, 30).map((socket) => closed(socket)));
    await harness.logged("connections closed");
    expect(harness.lines.find(({ message }) => message === "connections closed")?.fields).toEqual({
      reason: "idle-made-room",
      count: 1,
      address: "127.0.0.0/24",
    });
  });
});

describe("answers that nobody reads", () => {
  const path = "/nothing-here";
  const neverReading = { initialWindowSize: 0 };

  test("are given up after their time, and the connection goes on", async () => {
    await start({ unreadMs: 60 });
    const session = http2(neverReading);
    const stream = session.request({ ":path": path });
    stream.on("error", () => {});
    await closed(stream);
    expect(session.destroyed).toBe(false);
  });

  test("beyond what the process holds for all are given up at once", async () => {
    await start({ unreadMs: 60_000 }, { heldBytes: 100_000 });
    const streams = Array.from({ length: 10 }, () => http2(neverReading)).flatMap((session) =>
      Array.from({ length: 100 }, () => session.request({ ":path": path })),
    );
    for (const stream of streams) stream.on("error", () => {});
    await Promise.all(streams.map((stream) => closed(stream)));
    expect(await ready()).toBe(200);
  });

  test("of two accounts that poll with fresh ids are bounded, and others go on", async () => {
    await start({ unreadMs: 60_000 }, { heldBytes: 50_000 });
    const { token } = await harness.open("mallory");
    const session = http2(neverReading);
    const streams = Array.from({ length: 60 }, () => {
      const stream = session.request({
        ":path": "/peerline.signaling.v1.SignalingService/Poll",
        ":method": "POST",
        "content-type": "application/json",
        authorization: `Bearer ${token}`,
      });
      stream.on("error", () => {});
      const receive = {
        endpointId: Buffer.from(newCallId()).toString("base64"),
        client: { protocolMin: 1, protocolMax: 1 },
      };
      stream.end(JSON.stringify({ receive }));
      return stream;
    });
    await Promise.race(streams.map((stream) => closed(stream)));
    await harness.logged("connections closed");
    const ada = await harness.open("ada");
    expect((await ada.sendRaw([])).results).toEqual([]);
  });
});

describe("a request that does not arrive", () => {
  test("is given up after its time over HTTP/2, and the connection goes on", async () => {
    await start({ requestMs: 60 });
    const { token } = await harness.open("ada");
    const session = http2();
    const stream = session.request({
      ":path": "/peerline.signaling.v1.SignalingService/Send",
      ":method": "POST",
      "content-type": "application/proto",
      authorization: `Bearer ${token}`,
    });
    stream.on("error", () => {});
    stream.write(Buffer.alloc(1_000));
    await closed(stream);
    expect(session.destroyed).toBe(false);
  });

  test("and over HTTP/1.1", async () => {
    await start({ requestMs: 60 });
    const { token } = await harness.open("ada");
    const head = `Host: x\r\nContent-Type: application/proto\r\nAuthorization: Bearer ${token}\r\nContent-Length: 999`;
    await closed(raw(`POST /peerline.signaling.v1.SignalingService/Send HTTP/1.1\r\n${head}\r\n\r\nhalf`));
    expect(await ready()).toBe(200);
  });

  test("is not held in more bytes than there are for all", async () => {
    await start({ requestMs: 60_000 }, { heldBytes: 300_000, requestBytes: 256 * 1_024 });
    const { token } = await harness.open("ada");
    const streams = Array.from({ length: 4 }, () => http2()).flatMap((session) =>
      Array.from({ length: 40 }, () => {
        const stream = session.request({
          ":path": "/peerline.signaling.v1.SignalingService/Send",
          ":method": "POST",
          "content-type": "application/proto",
          authorization: `Bearer ${token}`,
        });
        stream.on("error", () => {});
        stream.write(Buffer.alloc(60_000));
        return stream;
      }),
    );
    await Promise.race(streams.map((stream) => closed(stream)));
    expect(await ready()).toBe(200);
  });
});

test("a client over HTTP/1.1 that comes back after its connection was closed is served", async () => {
  await start({ strangerIdleMs: 40, idleMs: 60 });
  const transport = createConnectTransport({ baseUrl: harness.server.url, httpVersion: "1.1" });
  const { token } = await createClient(DevelopmentService, transport).signIn({ user: "ada" });
  const ask = () =>
    createClient(SignalingService, transport).getIceServers(
      { endpointId: newCallId() },
      { headers: { Authorization: `Bearer ${token}` } },
    );
  for (let turn = 0; turn < 3; turn++) expect((await ask()).servers).toEqual([]);
});
