import type { CallView, LinkState } from "@peerline/call-machine";

export const labStepIds = ["register", "ping", "offer", "start", "hang-up"] as const;
export type LabStepId = (typeof labStepIds)[number];

/** What the steps depend on. */
export interface LabSituation {
  readonly isRegistered: boolean;
  readonly link: LinkState | undefined;
  readonly isPinging: boolean;
  readonly pongMs: number | undefined;
  readonly call: CallView | undefined;
}

export interface LabStep {
  readonly id: LabStepId;
  /** The machine can take it now. */
  readonly isEnabled: boolean;
  readonly isDone: boolean;
}

/** The five steps as they are now. Each is open only when it would do something. DESIGN 7, row 15. */
export function labSteps(situation: LabSituation): readonly LabStep[] {
  return labStepIds.map((id) => ({ id, ...stepStates[id](situation) }));
}

const stepStates: Record<LabStepId, (situation: LabSituation) => Omit<LabStep, "id">> = {
  register: ({ isRegistered, link }) => ({ isEnabled: !isRegistered, isDone: link === "online" }),
  ping: ({ link, isPinging, pongMs }) => ({
    isEnabled: link === "online" && !isPinging,
    isDone: pongMs !== undefined,
  }),
  offer: ({ link, call }) => ({
    isEnabled: link === "online" && !isAlive(call),
    isDone: isConnected(call),
  }),
  start: ({ call }) => ({
    isEnabled: isConnected(call) && call.can.setSources && !hasOwnSources(call),
    isDone: isConnected(call) && hasOwnSources(call),
  }),
  "hang-up": ({ call }) => ({ isEnabled: isAlive(call) && call.can.hangUp, isDone: false }),
};

/** The other side has turned on its devices and this one has not yet: once per call. */
export function wantsOwnSources(call: CallView | undefined, answeredCallId: string | undefined): boolean {
  if (!isConnected(call) || call.callId === answeredCallId || hasOwnSources(call)) return false;
  return call.remoteMedia?.microphone === true || call.remoteMedia?.camera === true;
}

function isAlive(call: CallView | undefined): call is CallView {
  return call !== undefined && call.phase !== "ended";
}

function isConnected(call: CallView | undefined): call is CallView {
  return call?.phase === "live" || call?.phase === "reconnecting";
}

function hasOwnSources({ local }: CallView): boolean {
  return [local.microphone, local.camera].some((state) => state === "on" || state === "opening");
}
