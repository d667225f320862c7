import type { ContractEnv } from "./contract/env.ts";
import { peerContract } from "./contract/index.ts";

/** The browser that runs this page. Microphone and camera come from `getUserMedia`. */
export const browserEnv: ContractEnv = {
  createConnection: (configuration) => new RTCPeerConnection(configuration),
  createStream: () => new MediaStream(),
  async createTrack(kind) {
    const stream = await navigator.mediaDevices.getUserMedia({ [kind]: true });
    const [track] = stream.getTracks();
    if (track === undefined) throw new TypeError(`no ${kind} track`);
    return { track, stop: () => track.stop() };
  },
  deadlineMs: 10_000,
  capabilities: { media: true, certificates: true },
};

/** One line of a report. */
export interface ContractResult {
  readonly name: string;
  /** Why the case failed; absent when it holds. */
  readonly failure?: string;
}

/** Runs the whole contract in this page, one case after the other. Never rejects. */
export async function runPeerContract(env: ContractEnv = browserEnv): Promise<ContractResult[]> {
  const results: ContractResult[] = [];
  for (const { name, needs, run } of peerContract) {
    if (needs !== undefined && !env.capabilities[needs]) continue;
    try {
      await run(env);
      results.push({ name });
    } catch (thrown) {
      results.push({ name, failure: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }
  return results;
}
