import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { defaultTimers, startSession } from "@peerline/call-machine";
import { stubPorts } from "@peerline/call-machine/testing";
import { RelaySchema } from "@peerline/protocol";
import wrtc from "@roamhq/wrtc";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { effectsOf } from "../examples/bare-machine.ts";
import { readReaction, sendReaction } from "../examples/extension.ts";
import { startWithOwnSound } from "../examples/own-parts.ts";
import { showCalls } from "../examples/page.ts";
import { signedIn } from "../examples/production.ts";
import { createUsePeerline } from "../examples/react.ts";
import { startCall } from "../examples/run-machine.ts";
import { callOverBadLink } from "../examples/test-kit.ts";
import { createPeerline } from "./index.ts";

const root = new URL("../../../", import.meta.url);
const callId = "00112233445566778899aabbccddeeff";
const ben = { user: "ben", displayName: "Ben" };

describe("with a server", () => {
  let server: ChildProcess;
  let serverUrl = "";

  beforeAll(async () => {
    server = program("apps/server/src/main.ts", "--dev", "--port", "0", "--log-level", "warn");
    const ready = await lineWith(server, "ready http");
    serverUrl = ready.slice(ready.indexOf("http"));
  });
  afterAll(() => {
    server.kill();
  });

  test("the first call prints what came back over the data channel, and why it ended", async () => {
    vi.stubEnv("PEERLINE_SERVER_URL", serverUrl);
    onTestFinished(() => void vi.unstubAllEnvs());
    const example = program("packages/client/examples/first-call.ts");
    onTestFinished(() => void example.kill());
    const exit = once(example, "exit");
    expect(await linesOf(example)).toEqual(["Ben read: Hello. The call ended: hung-up"]);
    expect(await exit).toEqual([0, null]);
  });

  test("a session put together by hand accepts and talks with its own sound", async () => {
    const createConnection = (setup: RTCConfiguration) => new wrtc.RTCPeerConnection(setup);
    const track = new wrtc.nonstandard.RTCAudioSource().createTrack();
    const hand = startWithOwnSound({ serverUrl, user: "hand", track, createConnection });
    const caller = createPeerline({ serverUrl, user: "caller", rtc: { createConnection } });
    onTestFinished(() => {
      caller.close();
      hand.stop("sign-out");
      track.stop();
    });
    await seen(caller, ({ people }) =>
      people.some((person) => person.user === "hand" && person.availability === "online"),
    );
    caller.dial("hand", "audio");
    const { call } = await seen(
      caller,
      (view) => view.call?.remoteMedia !== undefined || view.call?.end !== undefined,
    );
    expect([call?.phase, call?.remoteMedia]).toEqual(["live", { microphone: true, camera: false }]);
    expect(hand.view().call?.local).toEqual({ microphone: "on", camera: "off" });
  });
});

function program(path: string, ...args: readonly string[]): ChildProcess {
  const file = fileURLToPath(new URL(path, root));
  return spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

async function linesOf({ stdout }: ChildProcess): Promise<readonly string[]> {
  const lines: string[] = [];
  if (stdout) for await (const line of createInterface({ input: stdout })) lines.push(line);
  return lines;
}

async function lineWith({ stdout }: ChildProcess, part: string): Promise<string> {
  if (!stdout) throw new Error("the program has no stdout");
  for await (const line of createInterface({ input: stdout })) {
    if (line.includes(part)) return line;
  }
  throw new Error(`the program ended without a line with "${part}"`);
}

type Client = ReturnType<typeof createPeerline>;
type View = ReturnType<Client["view"]>;

function seen(client: Client, wanted: (view: View) => boolean): Promise<View> {
  return new Promise((resolve) => {
    const look = (view: View) => {
      if (!wanted(view)) return;
      stop();
      resolve(view);
    };
    const stop = client.subscribe(look);
    look(client.view());
  });
}

test("the bare machine names its effects: devices and connection first, the invitation when both are there", () => {
  const description = {
    type: "offer",
    sdp: "v=0",
    generation: 1,
    offerNumber: 1,
    iceRestart: false,
  } as const;
  const effects = effectsOf([
    { type: "media.changed", media: { microphone: "on", camera: "off" } },
    { type: "peer.described", description },
  ]);
  expect(effects).toEqual([
    [
      { type: "media.open", microphone: true, camera: false },
      { type: "peer.open", polite: false, offer: true, generation: 1 },
    ],
    [],
    [
      { type: "signal", command: { type: "invite", callee: "ben", kind: "audio", offer: description } },
      { type: "timer.start", id: "result", afterMs: defaultTimers.resultMs },
    ],
  ]);
});

test("the page about embedding shows what the bare machine answers", () => {
  const page = readFileSync(new URL("docs/embed.md", root), "utf8");
  const [, json = ""] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const offer = { type: "offer", sdp: "v=0", generation: 1, offerNumber: 1, iceRestart: false } as const;
  const effects = effectsOf([
    { type: "media.changed", media: { microphone: "on", camera: "off" } },
    { type: "peer.described", description: offer },
  ]);
  expect(JSON.parse(json.replace('{ "…": "…" }', JSON.stringify(offer)))).toEqual(effects);
});

test("a call's actor hands its effects out and takes events back", () => {
  const types: string[] = [];
  const input = { callId, role: "caller", remote: ben, kind: "audio", timers: defaultTimers } as const;
  const actor = startCall(input, ({ type }) => types.push(type));
  actor.send({ type: "user.hangUp" });
  expect(types.slice(0, 2)).toEqual(["media.open", "peer.open"]);
  expect(actor.getSnapshot().output).toEqual({
    callId,
    reason: "cancelled",
    by: "me",
    liveSince: undefined,
    interruptions: 0,
  });
});

test("the test kit plays a whole call over a bad link in no time", () => {
  expect(callOverBadLink(7)).toEqual(["dialing", "ringing", "connecting", "live", "ended", "hung-up"]);
});

test("an extension leaves as a relay and is read by its type", () => {
  const ports = stubPorts();
  const session = startSession(ports, { user: "ana" });
  sendReaction(session, callId, "👍");
  const [sent] = ports.signaling.sent();
  if (sent?.case !== "relay") throw new Error("no relay was sent");
  expect(readReaction(sent.value)).toBe("👍");
  expect(readReaction(create(RelaySchema))).toBeUndefined();
});

test("an extension that is too long for an emoji is no reaction", () => {
  const extension = { type: "acme.com/reaction.v1.Reaction", value: new Uint8Array(33) };
  expect(readReaction(create(RelaySchema, { extension }))).toBeUndefined();
});

describe("the React hook", () => {
  const { view, subscribe } = { view: () => "the view", subscribe: () => () => {} };
  const client = { view, subscribe } as unknown as Client;

  /** React in a browser, and React on a server, which throws when it is not told what to show there. */
  const inBrowser = <T>(_: unknown, read: () => T): T => read();
  function onServer<T>(_: unknown, __: () => T, readOnServer?: () => T): T {
    if (!readOnServer) throw new Error("Missing getServerSnapshot");
    return readOnServer();
  }

  test("shows the view in a browser, the same one until it changes", () => {
    const usePeerline = createUsePeerline(inBrowser, client);
    expect([usePeerline(), usePeerline()]).toEqual(["the view", "the view"]);
  });

  test("subscribes by the same function in each render, so that React does not subscribe again", () => {
    const seen = new Set<unknown>();
    const usePeerline = createUsePeerline((subscribed, read) => {
      seen.add(subscribed);
      return read();
    }, client);
    usePeerline();
    usePeerline();
    expect(seen).toEqual(new Set([subscribe]));
  });

  test("renders on a server, where there is no Peerline, without a view", () => {
    expect(createUsePeerline(onServer, undefined)()).toBeUndefined();
    expect(createUsePeerline(onServer, client)()).toBeUndefined();
    expect(createUsePeerline(inBrowser, undefined)()).toBeUndefined();
  });
});

describe("without a network", () => {
  const asked: unknown[] = [];

  beforeAll(() => {
    vi.stubGlobal("RTCPeerConnection", class {});
    vi.stubGlobal("fetch", async (url: unknown) => {
      asked.push(url);
      throw new TypeError("no network");
    });
  });
  afterAll(() => {
    vi.unstubAllGlobals();
  });

  test("a production client gets its token from the application", async () => {
    const client = signedIn("http://localhost:8080", "ana");
    onTestFinished(() => client.close());
    await seen(client, ({ link }) => link === "interrupted");
    expect(asked[0]).toBe("/api/peerline-token");
  });

  test("a page without a call offers neither to answer nor to end one", () => {
    const parts: Record<string, { disabled?: boolean; textContent?: string; addEventListener(): void }> = {};
    const root = {
      querySelector(selector: string) {
        parts[selector] ??= { addEventListener() {} };
        return parts[selector];
      },
    };
    const close = showCalls(root as unknown as HTMLElement, "http://localhost:8080", "ana");
    onTestFinished(close);
    expect([parts[".status"]?.textContent, parts[".answer"]?.disabled, parts[".end"]?.disabled]).toEqual([
      "",
      true,
      true,
    ]);
  });
});
