import type { CallView } from "@peerline/call-machine";
import type { PeerlineView } from "@peerline/client";
import { holdOf, pauseOf } from "./call-selectors.ts";
import { endText } from "./end-text.ts";
import { texts } from "./texts.ts";
import { troubleText } from "./trouble-text.ts";

export interface Announcement {
  readonly urgency: "polite" | "assertive";
  readonly text: string;
}

/** `isLinkLost`: the server has been out of reach for so long that a person in a call is told. */
type Seen = Pick<PeerlineView, "link" | "trouble" | "stopped" | "call" | "details" | "recent"> & {
  readonly isLinkLost: boolean;
  readonly serverUrl: string;
};

/** What a screen reader says about a change, once; nothing when the change is none of its business. UX 3.2. */
export function announcement(before: Seen, after: Seen): Announcement | undefined {
  return (
    callAnnouncement(before, after) ??
    holdAnnouncement(before.call, after.call) ??
    pauseAnnouncement(before, after) ??
    missedAnnouncement(before, after) ??
    linkAnnouncement(before, after)
  );
}

function holdAnnouncement(
  before: CallView | undefined,
  call: CallView | undefined,
): Announcement | undefined {
  if (!before || !call || before.callId !== call.callId) return undefined;
  const hold = holdOf(call);
  if (hold === holdOf(before)) return undefined;
  return polite(hold ? texts.banner[hold](call.remote.displayName) : texts.announce.unheld);
}

/** A call that reconnects says so itself. */
function pauseAnnouncement(before: Seen, { call, details }: Seen): Announcement | undefined {
  const pause = pauseOf(details);
  if (call?.phase !== "live" || pause === pauseOf(before.details)) return undefined;
  return polite(pause ? texts.banner[pause](call.remote.displayName) : texts.announce.unpaused);
}

/** Of a call that never was on the screen; the end of one that was is said with its reason. PROTOCOL row 18. */
function missedAnnouncement(before: Seen, { recent, call }: Seen): Announcement | undefined {
  const fresh = recent.find(
    ({ callId, missed, seen }) =>
      missed && !seen && callId !== call?.callId && !before.recent.some((known) => known.callId === callId),
  );
  return fresh && polite(texts.recent.missed(fresh.remote.displayName, 1));
}

function callAnnouncement({ call: before }: Seen, { call }: Seen): Announcement | undefined {
  if (!call || (before?.callId === call.callId && before.phase === call.phase)) return undefined;
  const name = call.remote.displayName;
  switch (call.phase) {
    case "incoming":
      return assertive(`${texts.incoming.title(name)}, ${texts.incoming.kind[call.kind]}`);
    case "ended":
      return call.end && assertive(endText({ end: call.end, role: call.role, name }));
    case "live":
      return polite(before?.phase === "reconnecting" ? texts.announce.back : texts.announce.live(name));
    case "connecting":
      return before?.phase === "accepting" ? undefined : polite(texts.phase.connecting());
    default:
      return polite(texts.phase[call.phase](name));
  }
}

function linkAnnouncement(before: Seen, after: Seen): Announcement | undefined {
  return after.call?.phase === "live" ? inCall(before, after) : outsideOfCalls(before, after);
}

/** A call goes on without the server: a short loss is nobody's business. PROTOCOL row 58. */
function inCall(before: Seen, after: Seen): Announcement | undefined {
  if (before.isLinkLost === after.isLinkLost) return undefined;
  return polite(after.isLinkLost ? texts.announce.serverLost : texts.announce.serverBack);
}

function outsideOfCalls(before: Seen, after: Seen): Announcement | undefined {
  if (before.link === "online" && after.link === "interrupted") return polite(texts.link.noServer);
  if (before.link !== "stopped" && after.link === "stopped") {
    return polite(troubleText(after, after.serverUrl) ?? texts.link.stopped);
  }
  if (before.link === "interrupted" && after.link === "online") return polite(texts.announce.serverBack);
  return undefined;
}

function polite(text: string): Announcement {
  return { urgency: "polite", text };
}

function assertive(text: string): Announcement {
  return { urgency: "assertive", text };
}
