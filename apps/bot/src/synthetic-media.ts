import type { MediaSource, OpenedSources } from "@peerline/client";
import wrtc from "@roamhq/wrtc";
import { forgetListeners } from "./release.ts";

const sampleRate = 48_000;
/** libwebrtc takes audio in chunks of 10 ms. */
const chunkMs = 10;
const samplesPerChunk = (sampleRate * chunkMs) / 1_000;
const toneHz = 440;
const toneAmplitude = 6_000;
const frameMs = 66;
const width = 320;
const height = 240;

export interface SyntheticMedia extends MediaSource {
  /** Stops the generators. */
  close(): void;
}

/** A tone and a moving picture instead of devices. */
export function syntheticMedia(): SyntheticMedia {
  const stops = new Set<() => void>();
  const open = { microphone: () => startTone(stops), camera: () => startPicture(stops) };
  return {
    async open(sources) {
      const opened: OpenedSources = {};
      for (const source of sources) opened[source] = open[source]();
      return opened;
    },
    close() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
}

function startTone(stops: Set<() => void>): MediaStreamTrack {
  const source = new wrtc.nonstandard.RTCAudioSource();
  const track = source.createTrack();
  let position = 0;
  generate(stops, track, chunkMs, () => {
    const samples = new Int16Array(samplesPerChunk);
    for (let i = 0; i < samples.length; i++) {
      samples[i] = toneAmplitude * Math.sin((2 * Math.PI * toneHz * (position + i)) / sampleRate);
    }
    position += samples.length;
    source.onData({
      samples,
      sampleRate,
      bitsPerSample: 16,
      channelCount: 1,
      numberOfFrames: samples.length,
    });
  });
  return track;
}

function startPicture(stops: Set<() => void>): MediaStreamTrack {
  const source = new wrtc.nonstandard.RTCVideoSource();
  const track = source.createTrack();
  let frame = 0;
  generate(stops, track, frameMs, () => {
    source.onFrame({ width, height, data: pictureOf(frame) });
    frame += 1;
  });
  return track;
}

/** Until the track is stopped, as each call's is, or everything is. */
function generate(
  stops: Set<() => void>,
  track: MediaStreamTrack,
  intervalMs: number,
  send: () => void,
): void {
  const stop = everyMs(intervalMs, () => {
    if (track.readyState === "ended") {
      stop();
      stops.delete(stop);
      forgetListeners(track);
    } else {
      send();
    }
  });
  stops.add(stop);
}

const chromaPlanes = 1.5;
const grey = 128;

/** I420: a grey field with a bright bar that moves. */
function pictureOf(frame: number): Uint8Array {
  const data = new Uint8Array(width * height * chromaPlanes).fill(grey);
  const barStart = (frame * 4) % width;
  for (let y = 0; y < height; y++)
    data.fill(220, y * width + barStart, y * width + Math.min(width, barStart + 24));
  return data;
}

/** Keeps the average pace although timers are late: sends every chunk that is due. */
function everyMs(intervalMs: number, send: () => void): () => void {
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startedAt) / intervalMs);
    if (due - sent > maxBacklog) sent = due - 1;
    while (sent < due) {
      sent += 1;
      send();
    }
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

const maxBacklog = 50;
