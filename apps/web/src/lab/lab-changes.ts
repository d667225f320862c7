import type { PeerlineView } from "@peerline/client";
import { endText } from "../state/end-text.ts";
import { labTexts } from "./lab-texts.ts";

const { line } = labTexts;

/** What changed between two views, one log line each, in the order a person follows it. DESIGN 7, rows 3 and 18. */
export function labChanges(
  before: PeerlineView | undefined,
  after: PeerlineView,
  other: string,
): readonly string[] {
  return [
    ...linkChanges(before, after),
    ...presenceChange(before, after, other),
    ...callChanges(before, after),
    ...connectionChanges(before, after),
    ...sourceChanges(before, after),
  ];
}

function linkChanges(before: PeerlineView | undefined, after: PeerlineView): readonly string[] {
  if (before?.link === after.link) return [];
  const changed = line.link(before?.link ?? line.none, after.link);
  return after.stopped ? [changed, line.stopped(after.stopped.text)] : [changed];
}

function presenceChange(
  before: PeerlineView | undefined,
  after: PeerlineView,
  other: string,
): readonly string[] {
  const [old, now] = [presenceOf(before, other), presenceOf(after, other)];
  return old === now ? [] : [line.presence(other, old, now)];
}

/** How the other person is, in the words of the protocol. */
export function presenceOf(view: PeerlineView | undefined, other: string): string {
  return view?.people.find(({ user }) => user === other)?.availability ?? labTexts.unknown;
}

/** Who made the call. */
export function initiatorOf({ user, call }: PeerlineView): string | undefined {
  return call && (call.role === "caller" ? user : call.remote.user);
}

function callChanges(before: PeerlineView | undefined, after: PeerlineView): readonly string[] {
  const [old, now] = [before?.call, after.call];
  if (!now || (old?.callId === now.callId && old.phase === now.phase)) return [];
  const isNew = old?.callId !== now.callId;
  const phase = line.call(isNew ? line.none : old.phase, now.phase);
  if (isNew) return [line.initiator(initiatorOf(after) ?? ""), phase];
  const name = now.remote.displayName;
  return now.end ? [phase, line.ended(endText({ end: now.end, role: now.role, name }))] : [phase];
}

function connectionChanges(before: PeerlineView | undefined, after: PeerlineView): readonly string[] {
  const states = after.details?.states;
  if (!states) return [];
  const isSame = before?.details?.callId === after.details?.callId;
  const old = isSame ? before?.details : undefined;
  const lines: string[] = [];
  if (old?.states?.iceConnection !== states.iceConnection) {
    lines.push(line.ice(old?.states?.iceConnection ?? line.none, states.iceConnection));
  }
  if (old?.states?.connection !== states.connection) {
    lines.push(line.connection(old?.states?.connection ?? line.none, states.connection));
  }
  const [was, pair] = [old?.stats?.selectedPair, after.details?.stats?.selectedPair];
  if (pair && (was?.path !== pair.path || was.local !== pair.local || was.remote !== pair.remote)) {
    lines.push(line.path(pair.path, pair.local, pair.remote));
  }
  return lines;
}

function sourceChanges(before: PeerlineView | undefined, after: PeerlineView): readonly string[] {
  const { call } = after;
  if (!call) return [];
  const old = before?.call?.callId === call.callId ? before.call : undefined;
  const lines: string[] = [];
  const { microphone, camera } = call.local;
  const isOldLocal =
    (old?.local.microphone ?? "off") === microphone && (old?.local.camera ?? "off") === camera;
  if (!isOldLocal) lines.push(line.local(microphone, camera));
  const [was, now] = [old?.remoteMedia, call.remoteMedia];
  if (now && (was?.microphone !== now.microphone || was.camera !== now.camera)) {
    lines.push(line.remote(onOff(now.microphone), onOff(now.camera)));
  }
  return lines;
}

function onOff(on: boolean): string {
  return on ? line.on : line.off;
}
