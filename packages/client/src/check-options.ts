import {
  check,
  checkGiven,
  checkUser,
  hasMethods,
  isBoolean,
  isCallId,
  isFunction,
  isOneOf,
  isRecord,
  isText,
} from "./check.ts";
import { readingOf } from "./guard-options.ts";
import type { PeerlineOptions } from "./peerline.ts";
import { PeerlineError } from "./peerline-error.ts";

const maxNameBytes = 256;
const maxDeviceBytes = 64;
const someFunction = "give a function";

type Rule = readonly [keyof PeerlineOptions, (value: unknown) => boolean, string];

/** The options that may be left out, and what each must be when it is given. */
const rules: readonly Rule[] = [
  [
    "displayName",
    (value) => value === "" || isText(value, maxNameBytes),
    `give at most ${maxNameBytes} bytes of text`,
  ],
  ["getToken", isFunction, someFunction],
  ["transport", hasMethods("unary", "stream"), "give a Connect transport"],
  ["rtc", isRecord, "give { createConnection, iceServers, iceTransportPolicy }, or some of them"],
  ["media", hasMethods("open"), "give an object with open(sources)"],
  ["endpointId", isCallId, "give 32 hex digits in lower case, such as randomId() makes"],
  [
    "deviceId",
    (value) => value === "" || isText(value, maxDeviceBytes),
    `give at most ${maxDeviceBytes} bytes of text`,
  ],
  ["autoAccept", isOneOf("video", "audio", "data"), 'give "video", "audio" or "data"'],
  ["earlyAnswer", isBoolean, "give true or false"],
  ["restoresCalls", isBoolean, "give true or false"],
  ["memory", hasMethods("load", "save"), "give an object with load and save"],
  ["capacity", (value) => Number.isInteger(value) && Number(value) > 0, "give a whole number from 1"],
  ["extensions", areHandlers, "give a function for each type"],
  ["onExtensionRefused", isFunction, someFunction],
  ["clock", hasMethods("now", "setTimer"), "give an object with now and setTimer"],
  ["random", isFunction, someFunction],
  ["logger", hasMethods("debug", "info", "warn"), "give an object with debug, info and warn"],
  ["onSignal", isFunction, someFunction],
];

/**
 * Throws a `PeerlineError` for what cannot work whatever comes: `invalid-option` for an option, `no-webrtc` where there are no
 * peer connections.
 */
export function checkOptions(options: PeerlineOptions): void {
  check(isRecord(options), "the options", options, "give at least { serverUrl, user }");
  checkServerUrl(options.serverUrl);
  checkUser("user", options.user);
  for (const [name, isRight, fix] of rules) checkGiven(options[name], isRight, name, fix);
  const time = options.clock ? readingOf(options.clock, "now") : 0;
  check(Number.isFinite(time), "clock.now()", time, "give milliseconds");
  checkRtc(options.rtc);
}

function checkServerUrl(serverUrl: unknown): void {
  const isUrl = typeof serverUrl === "string" && URL.canParse(serverUrl) && /^https?:\/\//i.test(serverUrl);
  check(isUrl, "serverUrl", serverUrl, "give an http(s) URL such as http://localhost:8080");
  const { username, password } = new URL(serverUrl);
  const isBare = !/[?#\s]/.test(serverUrl) && username === "" && password === "";
  check(
    isBare,
    "serverUrl",
    bare(serverUrl),
    "give it without a query, a hash, a user and blanks: a path may follow the host",
  );
}

/** Without what may be a secret. */
function bare(serverUrl: string): string {
  return serverUrl.replace(/\/\/.*@/, "//…@").replace(/\?.*/, "?…");
}

function checkRtc(rtc: PeerlineOptions["rtc"] = {}): void {
  checkGiven(rtc.createConnection, isFunction, "rtc.createConnection", someFunction);
  checkGiven(
    rtc.iceServers,
    areIceServers,
    "rtc.iceServers",
    'give an array of { urls, username, credential }, each of the urls such as "turn:host:3478"',
  );
  checkGiven(
    rtc.iceTransportPolicy,
    isOneOf("all", "relay"),
    "rtc.iceTransportPolicy",
    'give "all" or "relay"',
  );
  if (rtc.createConnection || typeof globalThis.RTCPeerConnection === "function") return;
  const fix =
    "document" in globalThis
      ? "WebRTC is off in this browser. Turn it on: an extension, a policy, or media.peerconnection.enabled in about:config."
      : "There is no RTCPeerConnection here: give rtc.createConnection, such as that of @roamhq/wrtc.";
  throw new PeerlineError("no-webrtc", fix);
}

function areIceServers(value: unknown): boolean {
  return Array.isArray(value) && value.every((server) => isRecord(server) && areIceUrls(server.urls));
}

function areIceUrls(urls: unknown): boolean {
  const all: readonly unknown[] = Array.isArray(urls) ? urls : [urls];
  return all.every((url) => typeof url === "string" && /^(stun|turn)s?:[^/]/i.test(url));
}

function areHandlers(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every(isFunction);
}
