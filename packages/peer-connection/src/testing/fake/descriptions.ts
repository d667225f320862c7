import type { FakeIce } from "./ice.ts";
import type { FakeMedia } from "./media.ts";
import { type FakeDescription, type FakeLine, readSdp, writeSdp } from "./sdp.ts";
import { nextSignalingState } from "./signaling-state.ts";

/** The offers and answers of a fake connection. */
export class FakeDescriptions {
  state: RTCSignalingState = "stable";
  readonly #ice: FakeIce;
  readonly #media: FakeMedia;
  readonly #fingerprint: string;
  #local: FakeDescription | undefined;
  #remote: FakeDescription | undefined;
  #pending: FakeDescription | undefined;
  #made = "";

  constructor(ice: FakeIce, media: FakeMedia, fingerprint: string) {
    this.#ice = ice;
    this.#media = media;
    this.#fingerprint = fingerprint;
  }

  /** The pending or the agreed local description. */
  get local(): FakeDescription | undefined {
    return this.state === "have-local-offer" ? this.#pending : this.#local;
  }

  makeOffer(lines: readonly FakeLine[]): string {
    return this.#make(this.#ice.offerUfrag(), lines);
  }

  makeAnswer(): string {
    if (this.state !== "have-remote-offer" || this.#pending === undefined)
      throw invalid("no offer to answer");
    const lines = this.#pending.lines.map((line) => this.#media.answer(line));
    return this.#make(this.#ice.answerUfrag(), lines);
  }

  /** Sets a description. Returns the tracks that begin to come in. */
  set(side: "local" | "remote", type: RTCSdpType, sdp: string): MediaStreamTrack[] {
    const next = nextSignalingState(this.state, { side, type });
    if (next === undefined) throw invalid(`${side} ${type} in ${this.state}`);
    const tracks = this.#apply(side, type, sdp);
    this.state = next;
    return tracks;
  }

  #apply(side: "local" | "remote", type: RTCSdpType, sdp: string): MediaStreamTrack[] {
    if (type === "rollback") {
      this.#media.restore();
      this.#ice.rollBack();
      this.#pending = undefined;
      return [];
    }
    return side === "local" ? this.#setLocal(type, sdp) : this.#setRemote(type, readSdp(sdp));
  }

  #make(ufrag: string, lines: readonly FakeLine[]): string {
    this.#made = writeSdp({ ufrag, fingerprint: this.#fingerprint, lines });
    return this.#made;
  }

  #setLocal(type: RTCSdpType, sdp: string): [] {
    if (sdp !== this.#made) throw new DOMException("not the latest one made", "InvalidModificationError");
    const description = readSdp(sdp);
    if (type === "offer") this.#media.save();
    this.#media.associate(description.lines);
    this.#ice.gather(description.ufrag);
    if (type === "answer") this.#settle(description, this.#pending);
    else this.#pending = description;
    return [];
  }

  #setRemote(type: RTCSdpType, description: FakeDescription): MediaStreamTrack[] {
    if (type === "offer") this.#media.save();
    const tracks = this.#media.receive(description.lines);
    this.#ice.describeRemote(description.ufrag);
    if (type === "answer") this.#settle(this.#pending, description);
    else this.#pending = description;
    return tracks;
  }

  #settle(local: FakeDescription | undefined, remote: FakeDescription | undefined): void {
    this.#local = local;
    this.#remote = remote;
    this.#pending = undefined;
    this.#ice.settle(this.#local?.ufrag, this.#remote?.ufrag);
  }
}

function invalid(message: string): DOMException {
  return new DOMException(message, "InvalidStateError");
}
