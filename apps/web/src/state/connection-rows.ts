import type { CallDetails } from "@peerline/client";
import { texts } from "./texts.ts";

export interface ConnectionRow {
  readonly label: string;
  readonly value: string;
}

type Stats = NonNullable<CallDetails["stats"]>;

const { connection, units } = texts;

/** How the call travels, in rows; what is not known yet is a dash. UX 1.7. */
export function connectionRows(stats: Stats | undefined): readonly ConnectionRow[] {
  const pair = stats?.selectedPair;
  const picture = stats?.videoIn;
  return [
    row(connection.local, pair && connection.candidate[pair.local]),
    row(connection.remote, pair && connection.candidate[pair.remote]),
    row(connection.protocol, pair && transport(pair)),
    row(connection.rtt, inWords(stats?.rttMs, units.ms)),
    row(connection.loss, inWords(stats?.lossPercent, units.percent)),
    row(connection.jitter, inWords(stats?.jitterMs, units.ms)),
    row(connection.received, inWords(stats?.inBitsPerSecond, units.bitrate)),
    row(connection.sent, inWords(stats?.outBitsPerSecond, units.bitrate)),
    row(connection.picture, picture && pictureText(picture)),
  ];
}

/** One sentence on the path of the media. */
export function pathSentence(stats: Stats | undefined): string {
  const path = stats?.selectedPair?.path;
  return path ? connection.pathLong[path] : connection.unknownPath;
}

function pictureText({ width, height, framesPerSecond }: NonNullable<Stats["videoIn"]>): string | undefined {
  const [w, h, fps] = [width, height, framesPerSecond].map((value) => finite(value));
  return w && h ? units.picture(w, h, fps) : undefined;
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function transport({ protocol, relayProtocol }: NonNullable<Stats["selectedPair"]>): string {
  return (relayProtocol ?? protocol).toUpperCase();
}

function inWords(value: number | undefined, words: (value: number) => string): string | undefined {
  const known = finite(value);
  return known === undefined ? undefined : words(known);
}

function row(label: string, value: string | undefined): ConnectionRow {
  return { label, value: value ?? connection.none };
}
