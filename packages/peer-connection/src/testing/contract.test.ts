import wrtc from "@roamhq/wrtc";
import { describe, test } from "vitest";
import type { ContractEnv, ContractTrack } from "./contract/env.ts";
import { peerContract } from "./contract/index.ts";
import { createFakeNetwork } from "./fake/network.ts";
import { createFakeTrack } from "./fake/track.ts";

const sampleRate = 48_000;
const frameMs = 10;

/** libwebrtc in Node. */
const wrtcEnv: ContractEnv = {
  createConnection: (configuration) => new wrtc.RTCPeerConnection(configuration),
  createStream: () => new wrtc.MediaStream(),
  createTrack: async (kind) => (kind === "audio" ? createSound() : createPicture()),
  deadlineMs: 10_000,
  capabilities: { media: true },
};

let tracks = 0;
const fakeEnv = (options: Parameters<typeof createFakeNetwork>[0]): ContractEnv => ({
  createConnection: createFakeNetwork(options).createConnection,
  async createTrack(kind) {
    const track = createFakeTrack(kind, `track ${++tracks}`);
    return { track, stop: () => track.stop() };
  },
  deadlineMs: 5_000,
  capabilities: { media: false },
});

const envs: Record<string, ContractEnv> = {
  "the fake": fakeEnv({}),
  "the fake without implicit rollback or connectionState": fakeEnv({
    implicitRollback: false,
    connectionState: false,
  }),
  "libwebrtc in Node": wrtcEnv,
};

for (const [name, env] of Object.entries(envs)) {
  describe(name, () => {
    for (const { name: promise, needs, run } of peerContract) {
      if (needs === undefined || env.capabilities[needs]) test(promise, () => run(env));
    }
  });
}

function createSound(): ContractTrack {
  const source = new wrtc.nonstandard.RTCAudioSource();
  const track = source.createTrack();
  const samples = new Int16Array((sampleRate * frameMs) / 1_000);
  const timer = setInterval(() => source.onData({ samples, sampleRate }), frameMs);
  return {
    track,
    stop() {
      clearInterval(timer);
      track.stop();
    },
  };
}

function createPicture(): ContractTrack {
  const track = new wrtc.nonstandard.RTCVideoSource().createTrack();
  return { track, stop: () => track.stop() };
}
