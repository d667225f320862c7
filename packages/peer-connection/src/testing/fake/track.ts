/** A `MediaStreamTrack` that carries nothing, where the platform has none. */
class FakeTrack extends EventTarget implements MediaStreamTrack {
  readonly kind: "audio" | "video";
  readonly id: string;
  readonly label: string;
  contentHint = "";
  enabled = true;
  muted = false;
  readyState: MediaStreamTrackState = "live";
  onended: MediaStreamTrack["onended"] = null;
  onmute: MediaStreamTrack["onmute"] = null;
  onunmute: MediaStreamTrack["onunmute"] = null;

  constructor(kind: "audio" | "video", id: string) {
    super();
    this.kind = kind;
    this.id = id;
    this.label = `fake ${kind}`;
  }

  clone(): MediaStreamTrack {
    return new FakeTrack(this.kind, `${this.id}'`);
  }

  stop(): void {
    this.readyState = "ended";
  }

  applyConstraints(): Promise<void> {
    return Promise.resolve();
  }

  getCapabilities(): MediaTrackCapabilities {
    return {};
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }

  getSettings(): MediaTrackSettings {
    return {};
  }
}

/** A live track without content. `stop` ends it, as a real one. */
export function createFakeTrack(kind: "audio" | "video", id = `fake-${kind}`): MediaStreamTrack {
  return new FakeTrack(kind, id);
}
