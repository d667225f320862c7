import type { CallPhase, CallView, Logger, MediaKind } from "@peerline/call-machine";
import type { Peerline, PeerlineView } from "@peerline/client";
import { connectFaulty } from "./connect-faulty.ts";
import { exitCodeOf, exitCodeOfError, exitCodes } from "./exit-codes.ts";
import type { PlannedFault } from "./fault-plan.ts";
import { sessionOver, until } from "./online.ts";
import type { Report } from "./output.ts";
import { syntheticMedia } from "./synthetic-media.ts";

export interface CallOptions {
  readonly serverUrl: string;
  readonly user: string;
  readonly callee: string;
  readonly kind: MediaKind;
  /** For everything until the call is live. */
  readonly timeoutMs: number;
  /** How long to stay once live. */
  readonly talkMs: number;
  /** Never show an own address to the other side. */
  readonly relayOnly: boolean;
  /** What goes wrong on purpose, from the moment when the call is live. */
  readonly faults: readonly PlannedFault[];
  readonly logger: Logger;
  readonly report: Report;
  /** Aborting hangs up. */
  readonly signal: AbortSignal;
}

/** Rings a user, talks for a while, hangs up. Resolves with the process's exit code; never rejects. */
export async function placeCall(options: CallOptions): Promise<number> {
  const media = syntheticMedia();
  let peerline: Peerline | undefined;
  try {
    peerline = connectFaulty({ ...options, media });
    const deadline = alarm(options.timeoutMs);
    const outcome = await Promise.race([
      talk(peerline, options, deadline.cancel),
      deadline.rang,
      interruption(options.signal),
    ]);
    deadline.cancel();
    options.report("done", { exitCode: outcome });
    return outcome;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const exitCode = exitCodeOfError(error);
    options.logger.warn(message);
    options.report("error", { exitCode, message });
    return exitCode;
  } finally {
    peerline?.close();
    media.close();
  }
}

/** A talk shorter than the interval of the statistics waits for the next ones before it is judged. */
const lastSampleMs = 2_500;

function elapsed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function talk(peerline: Peerline, options: CallOptions, onLive: () => void): Promise<number> {
  const { report, callee, kind } = options;
  await Promise.race([until(peerline, ({ link }) => link === "online"), noServer(peerline)]);
  report("online", { user: options.user });
  const dialedAt = performance.now();
  const callId = peerline.dial(callee, kind);
  const reported = reportPhases(peerline, report, dialedAt);
  const started = await until(peerline, (view) => isLiveOrOver(view.call, callId));
  if (started.call?.phase !== "ended") {
    onLive();
    const ended = until(peerline, ({ call }) => call?.phase === "ended");
    await Promise.race([elapsed(options.talkMs), ended]);
    await Promise.race([until(peerline, (view) => hasHeard(view, kind)), elapsed(lastSampleMs), ended]);
  }
  const heard = hasHeard(peerline.view(), kind);
  report("media", { heard, ...stats(peerline.view()) });
  peerline.hangUp();
  const { call } = await until(peerline, (view) => view.call?.phase === "ended");
  reported();
  return call?.end ? exitCodeOf(call.end, heard) : exitCodes.unexpected;
}

/** One `interrupted` before anything else is a server that is not there: a script wants to know at once. */
async function noServer(peerline: Peerline): Promise<never> {
  throw sessionOver(await until(peerline, ({ link }) => link === "interrupted"));
}

function stats({ details }: PeerlineView): object {
  const { at: _, ...rest } = details?.stats ?? { at: 0 };
  return rest;
}

function isLiveOrOver(call: CallView | undefined, callId: string): boolean {
  return (
    call !== undefined &&
    (call.phase === "live" || call.phase === "ended") &&
    (call.callId === callId || call.role === "callee")
  );
}

function hasHeard({ call, details }: PeerlineView, kind: MediaKind): boolean {
  if (kind === "data") return call?.liveSince !== undefined;
  const { audioIn, videoIn } = details?.stats ?? {};
  return (audioIn?.packets ?? 0) > 0 || (videoIn?.framesDecoded ?? 0) > 0;
}

function reportPhases(peerline: Peerline, report: Report, dialedAt: number): () => void {
  let last: CallPhase | undefined;
  const look = ({ call }: PeerlineView) => {
    if (!call || call.phase === last) return;
    last = call.phase;
    const afterMs = Math.round(performance.now() - dialedAt);
    const end = call.end ? { reason: call.end.reason, by: call.end.by, talkedMs: call.end.talkedMs } : {};
    report(call.phase, { callId: call.callId, with: call.remote.user, afterMs, ...end });
  };
  const stop = peerline.subscribe(look);
  look(peerline.view());
  return () => {
    look(peerline.view());
    stop();
  };
}

function alarm(afterMs: number): { readonly rang: Promise<number>; cancel(): void } {
  let timer: NodeJS.Timeout | undefined;
  const rang = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(exitCodes.timeout), afterMs);
  });
  return { rang, cancel: () => clearTimeout(timer) };
}

function interruption(signal: AbortSignal): Promise<number> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(exitCodes.interrupted), { once: true });
  });
}
