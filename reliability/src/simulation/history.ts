import type { CallId, CallPhase, EndedBy, EndReason } from "@peerline/call-machine";

/** Something that the machines of an endpoint did or were told, in the order of the whole world. */
export type Moment = { readonly at: number; readonly tab: string; readonly life: number } & (
  | {
      readonly type: "phase";
      readonly callId: CallId;
      readonly phase: CallPhase;
      readonly reason: EndReason | undefined;
      readonly by: EndedBy | undefined;
    }
  /** The page is gone, however it went. */
  | { readonly type: "closed" }
  /** The person is alerted: what a screen shows, not what the machine knows. */
  | { readonly type: "ring"; readonly callId: CallId }
  /** A stream is up. `stream` counts the streams of this life. */
  | {
      readonly type: "hello";
      readonly stream: number;
      readonly epoch: string;
      readonly resumed: boolean;
      readonly top: number;
    }
  /** A mailbox event was applied. `bytes`: encoded, without its offset. */
  | {
      readonly type: "event";
      readonly stream: number;
      readonly epoch: string;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: "command"; readonly action: string; readonly callId: CallId | undefined }
  | {
      readonly type: "result";
      readonly action: string;
      readonly applied: boolean;
      readonly callId: CallId | undefined;
    }
);

export type MomentOf<T extends Moment["type"]> = Extract<Moment, { type: T }>;

/** One line for a person who follows a run. */
export function describeMoment(moment: Moment): string {
  const { at: _at, tab: _tab, life: _life, type, ...rest } = moment;
  const fields = Object.entries(rest)
    .filter(([name, value]) => name !== "bytes" && value !== undefined)
    .map(([name, value]) => `${name}=${name === "callId" ? String(value).slice(0, 6) : value}`);
  return [type, ...fields].join(" ");
}
