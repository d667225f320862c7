import type { ConnectionLike } from "../../connection-like.ts";

/** A source of sound or picture for a contract run. */
export interface ContractTrack {
  readonly track: MediaStreamTrack;
  /** Ends the track and whatever feeds it. */
  stop(): void;
}

/** An implementation of WebRTC under test. */
export interface ContractEnv {
  createConnection(configuration: RTCConfiguration): ConnectionLike;
  /** A live track; it must carry packets when `capabilities.media`. */
  createTrack(kind: "audio" | "video"): Promise<ContractTrack>;
  /** Groups the tracks of a side, where the implementation can. */
  createStream?(): MediaStream;
  /** How long a case waits for one thing, in ms. */
  readonly deadlineMs: number;
  readonly capabilities: {
    /** Packets of sound and picture really flow. */
    readonly media: boolean;
    /** `RTCPeerConnection.generateCertificate`. Default false. */
    readonly certificates?: boolean;
  };
}

/** One promise of this package about any implementation. `run` rejects with a `ContractFailure` when it is broken. */
export interface ContractCase {
  readonly name: string;
  /** Without this capability the case does not apply. */
  readonly needs?: keyof ContractEnv["capabilities"];
  run(env: ContractEnv): Promise<void>;
}
