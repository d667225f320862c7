import type { Page } from "@playwright/test";
import type { Scripted } from "./someone.ts";

/** What a page's connections are made to do. */
export interface ProbeOptions {
  /** Media through the TURN server only, as for a person who hides their addresses. */
  readonly relayOnly: boolean;
}

/** Counts every RTCPeerConnection of a page, so that a test can ask the browser itself. Runs before the page's scripts. */
export function installProbes({ relayOnly }: ProbeOptions): void {
  const narrowed = (configuration?: RTCConfiguration): RTCConfiguration | undefined =>
    relayOnly ? { ...configuration, iceTransportPolicy: "relay" } : configuration;
  const open = new Set<RTCPeerConnection>();
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(narrowed(configuration));
      open.add(this);
    }
    override setConfiguration(configuration?: RTCConfiguration): void {
      super.setConfiguration(narrowed(configuration));
    }
    override close(): void {
      super.close();
      open.delete(this);
    }
  };
  Object.assign(window, { openPeerConnections: open });
}

interface ProbedWindow {
  readonly openPeerConnections: ReadonlySet<RTCPeerConnection>;
}

export function countOpenConnections(page: Scripted): Promise<number> {
  return page.evaluate(() => (window as unknown as ProbedWindow).openPeerConnections.size);
}

export interface Inbound {
  readonly framesDecoded: number;
  readonly audioPackets: number;
}

/** What the browser says it received, over all open connections. */
export function readInbound(page: Scripted): Promise<Inbound> {
  return page.evaluate(async () => {
    let framesDecoded = 0;
    let audioPackets = 0;
    for (const connection of (window as unknown as ProbedWindow).openPeerConnections) {
      for (const stats of (await connection.getStats()).values()) {
        if (stats.type !== "inbound-rtp") continue;
        if (stats.kind === "video") framesDecoded += stats.framesDecoded ?? 0;
        else audioPackets += stats.packetsReceived ?? 0;
      }
    }
    return { framesDecoded, audioPackets };
  });
}

/** The client starts ICE anew, as after a change of the network, at `atEpochMs`: two who are given the same one do it at once. */
export function restartIce(page: Scripted, atEpochMs: number): Promise<void> {
  return page.evaluate(async (at) => {
    const { peerline } = window as unknown as { peerline: import("@peerline/client").Peerline };
    await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
    peerline.networkChanged();
  }, atEpochMs);
}

/** The ICE user names that the open connections have agreed on, the own one before the other side's. */
export function readIceUsers(page: Scripted): Promise<readonly string[]> {
  return page.evaluate(() =>
    [...(window as unknown as ProbedWindow).openPeerConnections].flatMap((connection) =>
      [connection.currentLocalDescription, connection.currentRemoteDescription].map(
        (description) => /^a=ice-ufrag:(\S+)/m.exec(description?.sdp ?? "")?.[1] ?? "none",
      ),
    ),
  );
}

/** The own port of the path that is in use: of the relay, when there is one. Undefined: no path. */
export function readLocalPort(page: Scripted): Promise<number | undefined> {
  return page.evaluate(async () => {
    const [connection] = (window as unknown as ProbedWindow).openPeerConnections;
    const report = await connection?.getStats();
    for (const stats of report?.values() ?? []) {
      const pair = stats.type === "transport" ? report?.get(stats.selectedCandidatePairId) : undefined;
      if (pair) return report?.get(pair.localCandidateId)?.port as number | undefined;
    }
    return undefined;
  });
}

/** More than silence: the fake microphone beeps twice a second, many times as loud. */
const audiblePeak = 0.01;

/**
 * Whether sound arrives within 1.5 s, by an AnalyserNode on the received track. It keeps the last 0.7 s, so that no beep is
 * missed by a page whose frames and timers come late.
 */
export async function hearsSomething(page: Scripted): Promise<boolean> {
  return (await page.evaluate(listenForSound, audiblePeak)) > audiblePeak;
}

/** The highest sample, 0 to 1, of 1.5 s; sooner when it is above `enough`. */
async function listenForSound(enough: number): Promise<number> {
  const [connection] = (window as unknown as ProbedWindow).openPeerConnections;
  const track = connection?.getReceivers().find((receiver) => receiver.track.kind === "audio")?.track;
  if (!track) return 0;
  const context = new AudioContext();
  await context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 32_768 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const until = performance.now() + 1_500;
  let highest = 0;
  while (highest <= enough && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    analyser.getFloatTimeDomainData(samples);
    highest = samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), highest);
  }
  await context.close();
  return highest;
}

/** The banners that a page shows from now on, however shortly. */
export interface Banners {
  seen(): Promise<readonly string[]>;
}

export async function followBanners(page: Page): Promise<Banners> {
  const banners = await page.evaluateHandle(() => {
    const seen = new Set<string>();
    const look = () => {
      for (const banner of document.querySelectorAll("[data-banner]"))
        seen.add(banner.getAttribute("data-banner") ?? "");
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    return seen;
  });
  return { seen: () => banners.evaluate((seen) => [...seen]) };
}

/** From now until the page's client says that its link is interrupted. */
export interface Interruption {
  afterMs(): Promise<number>;
}

export async function interruption(page: Page): Promise<Interruption> {
  const noticed = await page.evaluateHandle(() => {
    const { peerline } = window as unknown as { peerline: import("@peerline/client").Peerline };
    const startedAt = performance.now();
    return {
      after: new Promise<number>((resolve) => {
        const stop = peerline.subscribe(({ link }) => {
          if (link !== "interrupted") return;
          stop();
          resolve(performance.now() - startedAt);
        });
      }),
    };
  });
  return { afterMs: () => noticed.evaluate(({ after }) => after) };
}
