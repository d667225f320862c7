import { createConnectTransport } from "@connectrpc/connect-node";
import { startServer } from "@peerline/server";
import wrtc from "@roamhq/wrtc";
import { expect, test } from "vitest";
import { createPeerline } from "../create-peerline.ts";
import type { PeerlineOptions } from "../peerline.ts";
import { nodePeerline, silentMedia, talkingMedia, until } from "../testing/node-peerline.ts";
import { isLive, isOnline, peopleOnServer } from "../testing/people.ts";
import { withFaults } from "./with-faults.ts";

const { serverUrl, keep } = peopleOnServer(() => startServer({ dev: true, port: 0 }));

/** Two in a call over libwebrtc; the first has switches. */
async function inCall(number: number, observed: Partial<PeerlineOptions> = {}) {
  const faulty = withFaults({
    serverUrl: serverUrl(),
    user: `faulty-${number}`,
    transport: createConnectTransport({ baseUrl: serverUrl(), httpVersion: "2", useBinaryFormat: true }),
    rtc: { createConnection: (configuration) => new wrtc.RTCPeerConnection(configuration) },
    media: silentMedia,
    ...observed,
  });
  const near = createPeerline(faulty.options);
  faulty.follow(near);
  const far = nodePeerline(serverUrl(), `well-${number}`, { autoAccept: "audio" });
  const both = [near, far];
  for (const peerline of both) keep(peerline);
  for (const peerline of both) await until(peerline, isOnline);
  near.dial(`well-${number}`, "audio");
  for (const peerline of both) await until(peerline, isLive);
  return { near, far, switches: faulty.switches };
}

test("59: only the media path dies: it is noticed within 3 s, restarted over the live link, and the call goes on", async () => {
  const signals: string[] = [];
  const { near, switches } = await inCall(1, {
    onSignal: ({ direction, type }) => signals.push(`${direction} ${type}`),
  });
  const links: string[] = [];
  near.subscribe(({ link }) => links.push(link));
  signals.length = 0;
  const killedAt = performance.now();
  switches.set("kill-media", true);
  await until(near, ({ details }) => details?.states?.connection === "disconnected");
  expect(performance.now() - killedAt).toBeLessThan(3_000);
  await until(near, ({ call }) => call?.phase === "reconnecting");
  await expect.poll(() => signals, { timeout: 5_000 }).toContain("sent description");
  switches.set("kill-media", false);
  const { call } = await until(near, (view) => view.call?.phase === "live");
  expect([call?.interruptions, new Set(links)]).toEqual([1, new Set(["online"])]);
});

test("the other side of a path that dies says what is paused, although its own connection sees no fault", async () => {
  const { media, stop } = talkingMedia();
  const { far, switches } = await inCall(5, { media });
  await until(far, ({ details }) => (details?.stats?.audioIn?.packets ?? 0) > 0);
  expect(far.view().details?.paused).toEqual({ microphone: false, camera: false });
  const killedAt = performance.now();
  switches.set("kill-media", true);
  const { call, details } = await until(far, (view) => view.details?.paused.microphone === true);
  expect(performance.now() - killedAt).toBeLessThan(4_500);
  expect([call?.phase, details?.paused]).toEqual(["live", { microphone: true, camera: false }]);
  switches.set("kill-media", false);
  await until(far, (view) => view.details?.paused.microphone === false);
  stop();
});

test("link and media die with the network: at the new one the link is back at once, and ICE restarts over it", async () => {
  const signals: string[] = [];
  const { near, far, switches } = await inCall(4, {
    onSignal: ({ direction, type }) => signals.push(`${direction} ${type}`),
  });
  switches.set("offline", true);
  switches.set("kill-media", true);
  await until(near, ({ call, link }) => link === "interrupted" && call?.phase === "reconnecting");
  signals.length = 0;
  switches.set("kill-media", false);
  switches.set("offline", false);
  const onlineAt = performance.now();
  await until(near, ({ link }) => link === "online");
  expect(performance.now() - onlineAt).toBeLessThan(1_000);
  await until(near, ({ call }) => call?.phase === "live");
  await expect.poll(() => signals).toContain("sent description");
  expect(far.view().call?.phase).toBe("live");
});

test("an expired token is replaced in a call, and nothing is interrupted", async () => {
  const { near, switches } = await inCall(2);
  const links: string[] = [];
  near.subscribe(({ link }) => links.push(link));
  switches.trigger("expire-token");
  near.setMicrophone(false);
  await new Promise<void>((resolve) => {
    switches.subscribe(({ token }) => token === "good" && resolve());
  });
  expect(await near.ping("well-2")).toBeGreaterThan(0);
  expect([near.view().call?.phase, new Set(links)]).toEqual(["live", new Set(["online"])]);
});

test("a call goes on while this side is offline, and the link is back at once when it is online", async () => {
  const { near, far, switches } = await inCall(3);
  switches.set("offline", true);
  const { call } = await until(near, ({ link }) => link === "interrupted");
  expect(call?.phase).toBe("live");
  switches.set("offline", false);
  await until(near, ({ link }) => link === "online");
  expect([near.view().call?.phase, far.view().call?.phase]).toEqual(["live", "live"]);
});

test("where WebRTC is off the switches do not hide it", () => {
  const { options } = withFaults({ serverUrl: serverUrl(), user: "without" });
  expect(() => createPeerline(options)).toThrow(
    /There is no RTCPeerConnection here: give rtc.createConnection/,
  );
});
