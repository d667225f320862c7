import type { Peerline, PeerlineView } from "@peerline/client";
import { type ReadonlySignal, signal } from "@preact/signals";
import type { OpenPeerline } from "../state/open-peerline.ts";
import { toUser } from "../state/user-name.ts";
import { labChanges } from "./lab-changes.ts";
import { createLabJournal, type LabJournal } from "./lab-journal.ts";
import { createLabPing, type LabPing } from "./lab-ping.ts";
import { type LabStepId, wantsOwnSources } from "./lab-steps.ts";
import { labTexts } from "./lab-texts.ts";

export interface LabDeskOptions {
  readonly open: OpenPeerline;
  readonly name: string;
  readonly other: string;
  readonly serverUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The test page's state and what its buttons do. Nothing is connected before `run("register")`. */
export interface LabDesk {
  readonly view: ReadonlySignal<PeerlineView | undefined>;
  readonly isRegistered: ReadonlySignal<boolean>;
  readonly ping: LabPing;
  readonly journal: LabJournal;
  run(step: LabStepId): void;
  close(): void;
}

export function createLabDesk({ open, name, other, serverUrl, now }: LabDeskOptions): LabDesk {
  const view = signal<PeerlineView | undefined>(undefined);
  const isRegistered = signal(false);
  const otherUser = toUser(other);
  const journal = createLabJournal(now);
  const ping = createLabPing(otherUser, journal.say);
  let peerline: Peerline | undefined;
  let isClosed = false;
  let answeredCallId: string | undefined;

  function follow(next: PeerlineView): void {
    const before = view.value;
    view.value = next;
    for (const text of labChanges(before, next, otherUser)) journal.say(text);
    react(next);
  }

  /** What the other tab's steps ask of this one. */
  function react({ call }: PeerlineView): void {
    if (call?.phase === "ended") peerline?.dismiss();
    if (!call || !wantsOwnSources(call, answeredCallId)) return;
    answeredCallId = call.callId;
    journal.say(labTexts.line.turnsOn);
    turnOn();
  }

  function turnOn(): void {
    peerline?.setMicrophone(true);
    peerline?.setCamera(true);
  }

  async function register(): Promise<void> {
    isRegistered.value = true;
    journal.say(labTexts.line.registering(toUser(name), serverUrl));
    try {
      const opened = await open({ name, serverUrl, autoAccept: "data", onSignal: journal.note });
      if (isClosed) return opened.close();
      peerline = opened;
      peerline.subscribe(follow);
      follow(peerline.view());
    } catch (error) {
      isRegistered.value = false;
      journal.say(labTexts.line.failed(error instanceof Error ? error.message : String(error)));
    }
  }

  const steps: Record<LabStepId, () => void> = {
    register: () => void register(),
    ping: () => peerline && void ping.run(peerline),
    offer: () => void peerline?.dial(otherUser, "data"),
    start() {
      answeredCallId = view.value?.call?.callId;
      turnOn();
    },
    "hang-up": () => peerline?.hangUp(),
  };

  return {
    view,
    isRegistered,
    ping,
    journal,
    run: (step) => steps[step](),
    close() {
      isClosed = true;
      peerline?.close("sign-out");
    },
  };
}
