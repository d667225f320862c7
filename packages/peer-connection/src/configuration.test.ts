import { expect, test } from "vitest";
import { createIceServers, openConnection } from "./configuration.ts";
import { createDeadlines } from "./deadlines.ts";
import { createSerialQueue } from "./serial-queue.ts";
import { createFakeNetwork, createManualClock } from "./testing/index.ts";

const turn = { username: "ana", credential: "secret" };
const stun = { urls: "stun:good.example:3478" };
const mixed = { urls: ["turn:good.example:3478", "turn:bad.example:25?transport=tcp"], ...turn };
const taken = [stun, { urls: "turn:good.example:3478", ...turn }];
const refused = [["ICE server refused", { server: "turn:bad.example:25", error: "SyntaxError" }]];

function refuse({ iceServers = [] }: RTCConfiguration): void {
  const isBlocked = iceServers.some(({ urls }) => [urls].flat().some((url) => url.includes("bad.example")));
  if (isBlocked) throw new SyntaxError(`blocked: ${JSON.stringify(iceServers)}`);
}

/** A platform that refuses any list with a server on a port that it blocks. */
function blockingPlatform(isRefused = refuse) {
  const warned: unknown[] = [];
  const configured: RTCConfiguration[] = [];
  const note = (configuration: RTCConfiguration) => {
    isRefused(configuration);
    configured.push(configuration);
  };
  const createConnection = (configuration: RTCConfiguration) => {
    note(configuration);
    return Object.assign(createFakeNetwork().createConnection(), { setConfiguration: note });
  };
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (message: string, fields?: object) => void warned.push([message, fields]),
  };
  return { createConnection, logger, warned, servers: () => configured.at(-1)?.iceServers };
}

test("a connection opens with every server but the one that the platform refuses, which is named without credentials", () => {
  const { createConnection, logger, warned, servers } = blockingPlatform();
  openConnection({ createConnection, logger, iceServers: [stun, mixed] });
  expect([servers(), warned]).toEqual([taken, refused]);
});

test("an ICE restart gets every fresh server but the one that the platform refuses", () => {
  const { createConnection, logger, warned, servers } = blockingPlatform();
  const queue = createSerialQueue(createDeadlines(createManualClock()), () => undefined);
  createIceServers(createConnection({}), queue, {}, logger).set([mixed, stun]);
  expect([servers(), warned]).toEqual([[...taken].reverse(), refused]);
});

test("a connection whose servers are all refused opens without one", () => {
  const { createConnection, logger, servers } = blockingPlatform();
  openConnection({ createConnection, logger, iceServers: [{ urls: "stun:bad.example:25" }] });
  expect(servers()).toEqual([]);
});

test("what is typed before the host of a server is not logged", () => {
  const { createConnection, logger, warned } = blockingPlatform();
  openConnection({
    createConnection,
    logger,
    iceServers: [{ urls: "turn:ana:secret@bad.example:25", ...turn }],
  });
  expect(warned).toEqual(refused);
});

test("a platform that refuses a connection without servers says why", () => {
  const { createConnection } = blockingPlatform(() => {
    throw new TypeError("no WebRTC here");
  });
  expect(() => openConnection({ createConnection, iceServers: [stun] })).toThrow("no WebRTC here");
});
