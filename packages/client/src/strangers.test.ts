import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ConnectionLike } from "@peerline/peer-connection";
import { startServer } from "@peerline/server";
import wrtc from "@roamhq/wrtc";
import { expect, onTestFinished, test, vi } from "vitest";
import { startWithOwnSound } from "../examples/own-parts.ts";
import type { Peerline } from "./peerline.ts";
import { until } from "./testing/node-peerline.ts";
import { isLive, peopleOnServer } from "./testing/people.ts";

const { online, serverUrl } = peopleOnServer(() => startServer({ dev: true, port: 0 }));
const firstCall = new URL("../examples/first-call.ts", import.meta.url);

/** The channels of a caller who sends what no client of ours would. */
interface RawCaller {
  readonly peerline: Peerline;
  /** Puts a frame on the channel of the newest call. */
  send(label: "chat" | "control", frame: string | Uint8Array<ArrayBuffer>): void;
}

async function rawCaller(user: string): Promise<RawCaller> {
  const channels = new Map<string, RTCDataChannel>();
  const createConnection = (setup: RTCConfiguration): ConnectionLike => {
    const connection = new wrtc.RTCPeerConnection(setup);
    const make = connection.createDataChannel.bind(connection);
    connection.createDataChannel = (label, options) => {
      const channel = make(label, options);
      channels.set(label, channel);
      return channel;
    };
    return connection;
  };
  const peerline = await online(user, { rtc: { createConnection } });
  return {
    peerline,
    send(label, frame) {
      const channel = channels.get(label);
      if (typeof frame === "string") channel?.send(frame);
      else channel?.send(frame);
    },
  };
}

async function call(peerline: Peerline, user: string): Promise<void> {
  await sees(peerline, user);
  const callId = peerline.dial(user, "data");
  await until(
    peerline,
    (view) => view.call?.callId === callId && isLive(view) && view.details?.canChat === true,
  );
}

function sees(peerline: Peerline, user: string): Promise<unknown> {
  return until(peerline, ({ people }) =>
    people.some((person) => person.user === user && person.availability === "online"),
  );
}

/** The last line that came back after `text` was said. */
async function answerTo(peerline: Peerline, text: string): Promise<string | undefined> {
  expect(peerline.sendChat(text)).toBe(true);
  const { details } = await until(peerline, (view) => view.details?.chat.at(-1)?.from === "them");
  return details?.chat.at(-1)?.text;
}

/**
 * A part of the first call as a program: its callee, who answers whoever calls, or its caller. Each test has a Ben of its own,
 * since one that was killed still looks online for a while.
 */
function start(who: "ben" | "ana", ben: string): ChildProcess {
  const paragraphs = readFileSync(firstCall, "utf8").split("\n\n");
  const other = `const ${who === "ben" ? "ana" : "ben"} =`;
  const source = paragraphs
    .filter((paragraph) => !paragraph.startsWith(other))
    .join("\n")
    .replaceAll(`"ben"`, `"${ben}"`);
  const child = spawn(process.execPath, ["--input-type=module-typescript", "--eval", source], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: { ...process.env, PEERLINE_SERVER_URL: serverUrl() },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill());
  return child;
}

test("whatever a stranger says, the callee of the first call answers the next line", async () => {
  const ben = start("ben", "ben-1");
  const { peerline, send } = await rawCaller("mallory");
  await call(peerline, "ben-1");
  expect(await answerTo(peerline, "x".repeat(8_190))).toBe(`Ben read: ${"x".repeat(1_000)}`);
  expect(await answerTo(peerline, "👍".repeat(2_040))).toBe(`Ben read: ${"👍".repeat(500)}`);
  expect(await answerTo(peerline, `x${"👍".repeat(600)}`)).toBe(`Ben read: x${"👍".repeat(499)}\ufffd`);
  expect(await answerTo(peerline, "<b>&\u202e\u0000")).toMatch(/^Ben read: <b>&/);
  for (const label of ["chat", "control"] as const) {
    for (const frame of ["", "text", new Uint8Array(), new Uint8Array(16_000).fill(255)]) send(label, frame);
  }
  for (let line = 0; line < 30; line += 1) peerline.sendChat(`${line}`);
  const value = new Uint8Array(16_384);
  peerline.sendExtension({ type: "acme.com/unknown", value, critical: true, to: { user: "ben-1" } });
  expect(await answerTo(peerline, "still there?")).toBeDefined();
  expect(ben.exitCode).toBeNull();
});

test("callers who hang up at once, or while another one talks, leave the callee of the first call ready", async () => {
  const ben = start("ben", "ben-2");
  const mallory = await online("mallory-2");
  await sees(mallory, "ben-2");
  for (let round = 0; round < 3; round += 1) {
    const callId = mallory.dial("ben-2", "data");
    mallory.hangUp(callId);
    await until(mallory, (view) => view.call?.callId === callId && view.call.end !== undefined);
  }
  await call(mallory, "ben-2");
  const oscar = await online("oscar");
  oscar.dial("ben-2", "video");
  const { call: second } = await until(oscar, (view) => view.call?.end !== undefined);
  expect(second?.end?.reason).toBe("busy");
  expect(await answerTo(mallory, "hello")).toBe("Ben read: hello");
  expect(ben.exitCode).toBeNull();
});

test("the first call reaches its end although a stranger rings its caller first", async () => {
  const caller = start("ana", "ben-3");
  const exit = once(caller, "exit");
  const mallory = await online("mallory-3");
  await sees(mallory, "ana");
  const callId = mallory.dial("ana", "video");
  const { call: refused } = await until(mallory, (view) => view.call?.end !== undefined);
  expect([refused?.callId, refused?.end?.reason]).toEqual([callId, "declined"]);
  start("ben", "ben-3");
  const lines: string[] = [];
  if (caller.stdout) for await (const line of createInterface({ input: caller.stdout })) lines.push(line);
  expect([lines, await exit]).toEqual([["Ben read: Hello. The call ended: hung-up"], [0, null]]);
});

test("a session put together by hand outlives a stranger's frames and extensions", async () => {
  const createConnection = (setup: RTCConfiguration) => new wrtc.RTCPeerConnection(setup);
  const track = new wrtc.nonstandard.RTCAudioSource().createTrack();
  const hand = startWithOwnSound({ serverUrl: serverUrl(), user: "hand", track, createConnection });
  onTestFinished(() => {
    hand.stop("sign-out");
    track.stop();
  });
  const { peerline, send } = await rawCaller("mallory-4");
  await call(peerline, "hand");
  for (const frame of ["", "text", new Uint8Array(), new Uint8Array(16_000).fill(255)]) {
    send("chat", frame);
    send("control", frame);
  }
  peerline.sendExtension({
    type: "acme.com/unknown",
    value: new Uint8Array(),
    critical: true,
    to: { user: "hand" },
  });
  expect(peerline.sendChat("x".repeat(8_192))).toBe(true);
  peerline.hangUp();
  await until(peerline, (view) => view.call?.end !== undefined);
  await call(peerline, "hand");
  await vi.waitFor(() => expect(hand.view().call?.phase).toBe("live"));
});

test("the echo bot sends the next line back, whatever a stranger says", async () => {
  const main = fileURLToPath(new URL("../../../apps/bot/src/main.ts", import.meta.url));
  const bot = spawn(process.execPath, [main, "echo", "--server", serverUrl(), "--quiet"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  onTestFinished(() => void bot.kill());
  const { peerline, send } = await rawCaller("mallory-5");
  await call(peerline, "echo");
  expect(await answerTo(peerline, "x".repeat(8_192))).toBe("x".repeat(8_192));
  for (const label of ["chat", "control"] as const) {
    for (const frame of ["", "text", new Uint8Array(), new Uint8Array(16_000).fill(255)]) send(label, frame);
  }
  peerline.sendExtension({
    type: "acme.com/unknown",
    value: new Uint8Array(16_384),
    critical: true,
    to: { user: "echo" },
  });
  expect(await answerTo(peerline, "still there?")).toBe("still there?");
  peerline.hangUp();
  await until(peerline, (view) => view.call?.end !== undefined);
  await call(peerline, "echo");
  expect(await answerTo(peerline, "and now?")).toBe("and now?");
  expect(bot.exitCode).toBeNull();
});
