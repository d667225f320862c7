import { describe, expect, test, vi } from "vitest";
import { createPeerline } from "./create-peerline.ts";
import type { Peerline, PeerlineOptions } from "./peerline.ts";
import { PeerlineError } from "./peerline-error.ts";
import { fakeMedia } from "./testing/fake-media.ts";

const callId = "0a".repeat(16);
const half = "\ud800";
const rtc = {
  createConnection(): never {
    throw new TypeError("not in this test");
  },
};

/** One that never reaches a server. */
function alone(options: Partial<PeerlineOptions> = {}): Peerline {
  return createPeerline({
    serverUrl: "http://127.0.0.1:1",
    user: "ana",
    rtc,
    media: fakeMedia(),
    ...options,
  });
}

/** What a program without types would call. */
type Loose = Record<string, (...args: readonly unknown[]) => unknown>;

function loose(peerline: Peerline): Loose {
  return peerline as unknown as Loose;
}

/** What an application passes by mistake where none of it makes sense. */
const nonsense: readonly unknown[] = [null, Number.NaN, -1, {}, [], () => undefined, Symbol("s"), 10n];

describe("what no call can be asked throws where it is asked", () => {
  const withNothing = [undefined, ...nonsense];
  test.each<[string, readonly (readonly unknown[])[]]>([
    ["dial", [...withNothing, "", "x".repeat(129), "é".repeat(65), half, "ana"].map((user) => [user])],
    ["dial", [...nonsense, "", "film", "__proto__"].map((kind) => ["ben", kind])],
    ["accept", [...nonsense, "film"].map((kind) => [kind])],
    ["accept", [...nonsense, "", "0A".repeat(16), "0a"].map((id) => ["audio", id])],
    ["decline", [...nonsense, "", "0a"].map((id) => [id])],
    ["hangUp", [...nonsense, "", "0a"].map((id) => [id])],
    ["silence", [...nonsense, "", "0a"].map((id) => [id])],
    ["setMicrophone", [...withNothing, "false", 0].map((on) => [on])],
    ["setMicrophone", [...nonsense, "0a"].map((id) => [true, id])],
    ["setCamera", [...withNothing, "false"].map((on) => [on])],
    ["setHold", [...withNothing, "false"].map((on) => [on])],
    ["setOnline", [...withNothing, "false"].map((on) => [on])],
    ["sendTracks", [undefined, null, Number.NaN, "video"].map((tracks) => [tracks])],
    ["sendTracks", [...nonsense, { kind: "video" }].map((microphone) => [{ microphone }])],
    ["sendTracks", [...nonsense, { kind: "audio" }].map((camera) => [{ camera }])],
    [
      "sendChat",
      [...withNothing, "", "x".repeat(8_193), "é".repeat(4_097), "\u202e\u0000\u2028"].map((text) => [text]),
    ],
    ["sendChat", [...nonsense, "0a"].map((id) => ["hello", id])],
    ["markSeen", [undefined, null, "ab", {}, 1].map((ids) => [ids])],
    ["subscribe", [undefined, null, {}, "show"].map((listener) => [listener])],
    ["close", [...nonsense, "", "reload"].map((intent) => [intent])],
  ])("%s", (name, inputs) => {
    const peerline = alone();
    for (const args of inputs) {
      const call = () => loose(peerline)[name]?.(...args);
      expect(call, String(args.map(typeOf))).toThrow(PeerlineError);
      expect(call).toThrow(expect.objectContaining({ code: "invalid-option" }));
    }
    peerline.close();
  });

  test("ping rejects", async () => {
    const peerline = alone();
    for (const user of [undefined, ...nonsense, "", "x".repeat(129), half]) {
      await expect(loose(peerline).ping?.(user)).rejects.toMatchObject({ code: "invalid-option" });
    }
    peerline.close();
  });

  test.each([
    ["no message", undefined],
    ["nothing to send", { type: "acme.com/a.v1.B", to: { callId } }],
    ["a text to send", { type: "acme.com/a.v1.B", value: "text", to: { callId } }],
    ["nobody to send it to", { type: "acme.com/a.v1.B", value: new Uint8Array() }],
    ["a call that is none", { type: "acme.com/a.v1.B", value: new Uint8Array(), to: { callId: "xyz" } }],
    ["a user without a name", { type: "acme.com/a.v1.B", value: new Uint8Array(), to: { user: "" } }],
    ["a text for an address", { type: "acme.com/a.v1.B", value: new Uint8Array(), to: "ben" }],
    ["a null for a message", null],
    ["a user that is none", { type: "acme.com/a.v1.B", value: new Uint8Array(), to: {} }],
    [
      "an urgency that is none",
      { type: "acme.com/a.v1.B", value: new Uint8Array(), critical: 1, to: { callId } },
    ],
  ])("sendExtension with %s", (_, message) => {
    const peerline = alone();
    expect(() => loose(peerline).sendExtension?.(message)).toThrow(
      expect.objectContaining({ name: "PeerlineError", code: "invalid-option" }),
    );
    peerline.close();
  });

  test.each([[undefined], [null], [Symbol("s")], [""], ["nodomain"], [`acme.com/${"a".repeat(256)}`]])(
    "sendExtension of the type %s",
    (type) => {
      const peerline = alone();
      expect(() =>
        loose(peerline).sendExtension?.({ type, value: new Uint8Array(), to: { callId } }),
      ).toThrow(expect.objectContaining({ name: "PeerlineError", code: "invalid-extension" }));
      peerline.close();
    },
  );

  test("the error says what was given and what to give", () => {
    const peerline = alone();
    const texts = [
      () => loose(peerline).dial?.("x".repeat(129)),
      () => loose(peerline).dial?.(half),
      () => loose(peerline).dial?.("ana"),
      () => loose(peerline).setCamera?.("off"),
      () => loose(peerline).dial?.({}),
    ].map((call) => {
      try {
        return call();
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : thrown;
      }
    });
    expect(texts).toEqual([
      `user is "${"x".repeat(64)}…": give a name of 1 to 128 bytes`,
      'user is "\ufffd": give a name of 1 to 128 bytes',
      'user is "ana": give somebody else: that is this Peerline\'s own user',
      'on is "off": give true or false',
      "user is an object: give a name of 1 to 128 bytes",
    ]);
    peerline.close();
  });
});

test("half of a character in a line of chat is no reason to throw", () => {
  const peerline = alone();
  expect(peerline.sendChat(`a${half}`)).toBe(false);
  peerline.close();
});

describe("options that cannot work throw when they are given", () => {
  test.each<[keyof PeerlineOptions, readonly unknown[]]>([
    [
      "serverUrl",
      [
        undefined,
        ...nonsense,
        "",
        "localhost:8080",
        "/calls",
        "//localhost",
        "http:localhost",
        "ftp://localhost",
        "http://localhost/?x=1",
        "http://localhost?",
        "http://localhost/#a",
        "http://me:secret@localhost",
        " http://localhost",
        "http://",
      ],
    ],
    ["user", [undefined, ...nonsense, "", "x".repeat(129), half]],
    ["displayName", [...nonsense, "x".repeat(257), half]],
    ["getToken", [null, "token", {}, 1]],
    ["transport", [...nonsense, { unary() {} }]],
    ["rtc", [null, 1, "all"]],
    ["rtc", [{ createConnection: 1 }, { ...rtc, iceServers: {} }, { ...rtc, iceTransportPolicy: "none" }]],
    [
      "rtc",
      [
        { ...rtc, iceServers: [null] },
        { ...rtc, iceServers: [{}] },
        { ...rtc, iceServers: [{ urls: "turn.example.com" }] },
        { ...rtc, iceServers: [{ urls: ["stun:ok", "turn://host"] }] },
      ],
    ],
    ["media", nonsense],
    ["endpointId", [...nonsense, "", "0a", "0A".repeat(16)]],
    ["deviceId", [...nonsense, "x".repeat(65)]],
    ["autoAccept", [...nonsense, "", "film"]],
    ["earlyAnswer", nonsense],
    ["restoresCalls", nonsense],
    ["memory", nonsense],
    ["capacity", [null, Number.NaN, 0, -1, 1.5, Number.POSITIVE_INFINITY, "2", 2n]],
    ["extensions", [null, 1, { "acme.com/a.v1.B": "no function" }]],
    ["onExtensionRefused", [null, {}, 1]],
    ["clock", nonsense],
    [
      "clock",
      [...nonsense, undefined].map((time) => ({ now: () => time, setTimer() {} })).filter(isTimeless),
    ],
    ["clock", [{ now: broken, setTimer() {} }]],
    ["random", [null, {}, 0.5]],
    ["logger", [null, 1, "console", {}, { info() {} }]],
    ["onSignal", [null, {}, 1]],
  ])("%s", (name, values) => {
    for (const value of values) {
      expect(() => alone({ [name]: value }), `${name}: ${typeOf(value)}`).toThrow(
        expect.objectContaining({
          name: "PeerlineError",
          code: "invalid-option",
          message: expect.stringMatching(/^(serverUrl|rtc|the options|[a-zA-Z.()]+) is .+: give /),
        }),
      );
    }
  });

  test("no options at all", () => {
    expect(() => (createPeerline as unknown as (options?: unknown) => unknown)()).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  });

  test("a secret in the address is not in the error", () => {
    const text =
      'serverUrl is "http://…@localhost?…": give it without a query, a hash, a user and blanks: a path may follow the host';
    expect(() => alone({ serverUrl: "http://me:secret@localhost?token=x" })).toThrow(text);
  });

  test("a platform without WebRTC", () => {
    expect(() => createPeerline({ serverUrl: "http://127.0.0.1:1", user: "ana" })).toThrow(
      new PeerlineError(
        "no-webrtc",
        "There is no RTCPeerConnection here: give rtc.createConnection, such as that of @roamhq/wrtc.",
      ),
    );
  });

  test("a browser whose WebRTC is turned off", () => {
    vi.stubGlobal("document", {});
    vi.stubGlobal("RTCPeerConnection", undefined);
    expect(() => createPeerline({ serverUrl: "http://127.0.0.1:1", user: "ana" })).toThrow(
      new PeerlineError(
        "no-webrtc",
        "WebRTC is off in this browser. Turn it on: an extension, a policy, or media.peerconnection.enabled in about:config.",
      ),
    );
    vi.unstubAllGlobals();
  });
});

function broken(): never {
  throw new RangeError("broken");
}

/** -1 is a time. */
function isTimeless({ now }: { now(): unknown }): boolean {
  return now() !== -1;
}

function typeOf(value: unknown): string {
  return typeof value === "string" ? value : typeof value;
}
