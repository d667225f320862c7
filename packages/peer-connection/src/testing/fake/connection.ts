import type {
  CandidateEventLike,
  ConnectionLike,
  ConnectionStateEvent,
  TrackEventLike,
  TransceiverLike,
} from "../../connection-like.ts";
import { createFakeChannel, type FakeChannel } from "./channel.ts";
import { FakeDescriptions } from "./descriptions.ts";
import { createEmitter } from "./emitter.ts";
import { FakeIce } from "./ice.ts";
import { createFakeMedia } from "./media.ts";
import { createOperationsChain } from "./operations-chain.ts";
import { type FakeLine, writeSdp } from "./sdp.ts";
import { type FakeArrivals, fakeStats } from "./stats.ts";
import type { FakeEnd } from "./transport.ts";

/** What a network gives each of its connections. */
export interface FakeConnectionOptions {
  readonly schedule: (run: () => void) => void;
  readonly implicitRollback: boolean;
  readonly hasConnectionState: boolean;
  readonly candidateTypes: readonly RTCIceCandidateType[];
  readonly gatheringEnds: boolean;
  readonly createId: () => string;
  /** Something changed that may connect two ends. */
  readonly examine: () => void;
  readonly peerOf: (one: FakeConnection) => FakeConnection | undefined;
  /** Runs when the network passes packets. */
  readonly carry: (run: () => void) => void;
  /** Whether what is sent to this one arrives just now. */
  readonly arrivesAt: (one: FakeConnection) => boolean;
  readonly consentAnswers: boolean;
}

type FakeEvents = Record<ConnectionStateEvent, undefined> & {
  icecandidate: CandidateEventLike;
  track: TrackEventLike;
};

/**
 * A double of RTCPeerConnection that follows JSEP (RFC 9429): the signaling states, rollback, ICE restarts, trickle,
 * pre-negotiated data channels. There are no packets: its network says who reaches whom. The members beyond
 * `ConnectionLike` are for the network and for assertions.
 */
export class FakeConnection implements ConnectionLike {
  /** As last set. */
  configuration: RTCConfiguration;
  readonly channels: FakeChannel[] = [];
  readonly #options: FakeConnectionOptions;
  readonly #emitter = createEmitter<FakeEvents>();
  readonly #media = createFakeMedia();
  readonly #operate: <T>(run: () => T) => Promise<T>;
  readonly #ice: FakeIce;
  readonly #descriptions: FakeDescriptions;
  readonly #arrived: FakeArrivals = { media: 0, data: 0, consent: 0 };
  readonly addEventListener: ConnectionLike["addEventListener"];

  constructor(options: FakeConnectionOptions, configuration: RTCConfiguration) {
    this.#options = options;
    this.configuration = configuration;
    this.#operate = createOperationsChain(options.schedule, () => this.isClosed);
    this.#ice = new FakeIce({
      ...options,
      onChange: (type) => this.#emitter.emit(type, undefined),
      onCandidate: (candidate) => this.#emitter.emit("icecandidate", { candidate }),
      onReached: () => {
        for (const channel of this.channels) channel.open();
      },
    });
    const fingerprint = options
      .createId()
      .padStart(4, "0")
      .replace(/(..)(?=.)/g, "$1:");
    this.#descriptions = new FakeDescriptions(this.#ice, this.#media, fingerprint);
    this.addEventListener = this.#emitter.add as ConnectionLike["addEventListener"];
  }

  get signalingState(): RTCSignalingState {
    return this.#descriptions.state;
  }

  get connectionState(): RTCPeerConnectionState | undefined {
    return this.#options.hasConnectionState ? this.#ice.whole : undefined;
  }

  get iceConnectionState(): RTCIceConnectionState {
    return this.#ice.connection;
  }

  get iceGatheringState(): RTCIceGatheringState {
    return this.#ice.gathering;
  }

  get localDescription(): { readonly sdp: string } | null {
    const { local } = this.#descriptions;
    return local === undefined ? null : { sdp: writeSdp(local) };
  }

  get isClosed(): boolean {
    return this.signalingState === "closed";
  }

  /** Who this end is to the network. */
  get end(): FakeEnd {
    return this.#ice.end;
  }

  /** How often `replaceTrack` was called. */
  get replacedTracks(): number {
    return this.#media.replaced;
  }

  createOffer(): Promise<RTCSessionDescriptionInit> {
    return this.#operate(() => ({ type: "offer", sdp: this.#descriptions.makeOffer(this.#offerLines()) }));
  }

  createAnswer(): Promise<RTCSessionDescriptionInit> {
    return this.#operate(() => ({ type: "answer", sdp: this.#descriptions.makeAnswer() }));
  }

  setLocalDescription({ type, sdp }: RTCLocalSessionDescriptionInit): Promise<void> {
    return this.#operate(() => this.#set("local", type ?? "offer", sdp ?? ""));
  }

  setRemoteDescription({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
    return this.#operate(() => {
      const crossing = type === "offer" && this.signalingState === "have-local-offer";
      if (crossing && this.#options.implicitRollback) this.#set("local", "rollback", "");
      this.#set("remote", type, sdp ?? "");
    });
  }

  addIceCandidate(init: RTCIceCandidateInit): Promise<void> {
    return this.#operate(() => this.#ice.addCandidate(init));
  }

  restartIce(): void {
    this.#ice.restart();
  }

  addTransceiver(kind: "audio" | "video", init: RTCRtpTransceiverInit): TransceiverLike {
    this.#assertOpen();
    return this.#media.add(kind, init.direction ?? "sendrecv");
  }

  getTransceivers(): TransceiverLike[] {
    return [...this.#media.all];
  }

  createDataChannel(label: string, { negotiated, id }: RTCDataChannelInit): FakeChannel {
    this.#assertOpen();
    if (negotiated !== true || id === undefined) throw new TypeError("only pre-negotiated channels");
    const channel = createFakeChannel(label, id, (data) => this.#transmit(id, data));
    this.channels.push(channel);
    return channel;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.#assertOpen();
    this.configuration = configuration;
  }

  getStats(): Promise<ReturnType<typeof fakeStats>> {
    return this.#operate(() => {
      this.#receiveTurn();
      return fakeStats(this.#ice, this.#media.all, this.#arrived);
    });
  }

  close(): void {
    if (this.isClosed) return;
    const peer = this.#options.peerOf(this);
    this.#descriptions.state = "closed";
    this.#media.stop();
    this.#ice.close();
    for (const channel of this.channels) channel.shut();
    this.#options.schedule(() => this.#options.carry(() => peer?.shutChannels()));
  }

  /** Closes as a platform does by itself: with an event. */
  crash(): void {
    this.close();
    this.#emitter.emit("connectionstatechange", undefined);
  }

  /** The peer is gone. */
  shutChannels(): void {
    for (const channel of this.channels) channel.shut();
  }

  /** The peer is reached. */
  reach(): void {
    this.#ice.reach();
  }

  /** The peer is lost. */
  lose(state: "disconnected" | "failed"): void {
    this.#ice.lose(state);
  }

  /** The peer's stack answered by itself. */
  acknowledge(): void {
    this.#arrived.data++;
  }

  /** There is no time in a network: between two readings, whatever can come in does. */
  #receiveTurn(): void {
    const { peerOf, arrivesAt, consentAnswers } = this.#options;
    const peer = peerOf(this);
    if (peer === undefined || !arrivesAt(this)) return;
    if (peer.getTransceivers().some(({ sender }) => sender.track !== null)) this.#arrived.media++;
    if (consentAnswers && arrivesAt(peer)) this.#arrived.consent++;
  }

  #set(side: "local" | "remote", type: RTCSdpType, sdp: string): void {
    const before = this.signalingState;
    const tracks = this.#descriptions.set(side, type, sdp);
    this.#options.schedule(() => {
      if (before !== this.signalingState) this.#emitter.emit("signalingstatechange", undefined);
      for (const track of tracks) this.#emitter.emit("track", { track });
    });
    this.#options.examine();
  }

  #offerLines(): FakeLine[] {
    const lines = this.#media.offer();
    if (this.channels.length === 0) return lines;
    return [...lines, { mid: "data", kind: "application", direction: "sendrecv" }];
  }

  /** A connection that closes takes with it what it had not sent yet. */
  #transmit(id: number, data: Uint8Array<ArrayBuffer>): void {
    const { schedule, carry, peerOf, arrivesAt } = this.#options;
    schedule(() => {
      carry(() => {
        const peer = this.isClosed ? undefined : peerOf(this);
        if (peer === undefined || !arrivesAt(peer)) return;
        peer.acknowledge();
        peer.channels.find((channel) => channel.id === id)?.receive(data);
        if (arrivesAt(this)) this.acknowledge();
      });
    });
  }

  #assertOpen(): void {
    if (this.isClosed) throw new DOMException("the connection is closed", "InvalidStateError");
  }
}
