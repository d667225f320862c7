import type { CandidateEventLike, ConnectionStateEvent } from "../../connection-like.ts";
import type { FakeEnd } from "./transport.ts";

/** What an agent needs of its surroundings. */
export interface FakeIceOptions {
  readonly schedule: (run: () => void) => void;
  readonly candidateTypes: readonly RTCIceCandidateType[];
  readonly gatheringEnds: boolean;
  readonly createId: () => string;
  /** Something changed that may connect two ends. */
  readonly examine: () => void;
  readonly onChange: (type: ConnectionStateEvent) => void;
  readonly onCandidate: (candidate: CandidateEventLike["candidate"]) => void;
  readonly onReached: () => void;
}

/** The ICE agent of a fake connection. */
export class FakeIce {
  connection: RTCIceConnectionState = "new";
  gathering: RTCIceGatheringState = "new";
  readonly #options: FakeIceOptions;
  readonly #gathered = new Set<string>();
  readonly #known = new Set<string>();
  readonly #replace = new Set<string>();
  #local: string | undefined;
  #remote: string | undefined;
  #described: string | undefined;

  constructor(options: FakeIceOptions) {
    this.#options = options;
  }

  get candidateTypes(): readonly RTCIceCandidateType[] {
    return this.#options.candidateTypes;
  }

  /** The state of the whole connection: there is no DTLS of its own to wait for. */
  get whole(): RTCPeerConnectionState {
    if (this.connection === "checking") return "connecting";
    return this.connection === "completed" ? "connected" : this.connection;
  }

  get end(): FakeEnd {
    const knowsCandidates = this.#known.has(this.#remote ?? "");
    return { localUfrag: this.#local, remoteUfrag: this.#remote, knowsCandidates };
  }

  /** The credentials for an offer made now. */
  offerUfrag(): string {
    return this.#local === undefined || this.#replace.has(this.#local) ? this.#newUfrag() : this.#local;
  }

  /** The credentials for an answer to the described offer. */
  answerUfrag(): string {
    return this.#local === undefined || this.#remote !== this.#described ? this.#newUfrag() : this.#local;
  }

  /** The next offer has new credentials, also after a rollback. */
  restart(): void {
    if (this.#local !== undefined) this.#replace.add(this.#local);
  }

  /** Begins to gather for a local description, unless it did. */
  gather(ufrag: string): void {
    if (this.#gathered.has(ufrag)) return;
    this.#gathered.add(ufrag);
    this.#gatheringIs("gathering");
    this.#options.schedule(() => this.#announce(ufrag, 0));
  }

  describeRemote(ufrag: string): void {
    this.#described = ufrag;
  }

  /** An exchange is complete. */
  settle(local: string | undefined, remote: string | undefined): void {
    const restarted = this.#local !== local;
    this.#local = local;
    this.#remote = remote;
    if (!restarted) return;
    this.#replace.clear();
    if (this.connection !== "connected") this.#connectionIs("checking");
  }

  rollBack(): void {
    this.#described = this.#remote;
  }

  addCandidate({ candidate, usernameFragment }: RTCIceCandidateInit): void {
    if (this.#described === undefined) throw new DOMException("no remote description", "InvalidStateError");
    const ufrag = usernameFragment ?? this.#described;
    if (ufrag !== this.#described && ufrag !== this.#remote) {
      throw new DOMException("unknown ufrag", "OperationError");
    }
    if (candidate !== "") this.#known.add(ufrag);
    this.#options.examine();
  }

  reach(): void {
    if (this.connection !== "checking" && this.connection !== "disconnected") return;
    this.#connectionIs("connected");
    this.#options.onReached();
  }

  lose(state: "disconnected" | "failed"): void {
    if (this.connection !== "new" && this.connection !== "failed") this.#connectionIs(state);
  }

  close(): void {
    this.connection = "closed";
  }

  #newUfrag(): string {
    return `uf${this.#options.createId().padStart(2, "0")}`;
  }

  #announce(ufrag: string, position: number): void {
    if (this.connection === "closed") return;
    const { onCandidate, schedule, gatheringEnds } = this.#options;
    const type = this.candidateTypes[position];
    if (type === undefined) {
      if (!gatheringEnds) return;
      this.#gatheringIs("complete");
      onCandidate(null);
      return;
    }
    const candidate = `candidate:${position} 1 udp 1 192.0.2.1 ${9_000 + position} typ ${type} ufrag ${ufrag}`;
    onCandidate({ candidate, sdpMid: "0", sdpMLineIndex: 0, usernameFragment: ufrag });
    schedule(() => this.#announce(ufrag, position + 1));
  }

  #connectionIs(next: RTCIceConnectionState): void {
    if (next === this.connection || this.connection === "closed") return;
    this.connection = next;
    this.#options.onChange("iceconnectionstatechange");
    this.#options.onChange("connectionstatechange");
  }

  #gatheringIs(next: RTCIceGatheringState): void {
    this.gathering = next;
    this.#options.onChange("icegatheringstatechange");
  }
}
