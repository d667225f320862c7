import { initiatorOf, presenceOf } from "./lab-changes.ts";
import type { LabDesk } from "./lab-desk.ts";
import { labTexts } from "./lab-texts.ts";

/** Where everything is now: the link, the other person, the call, its connection. */
export function LabFacts({
  desk,
  me,
  other,
}: {
  readonly desk: LabDesk;
  readonly me: string;
  readonly other: string;
}) {
  const view = desk.view.value;
  const states = view?.details?.states;
  const initiator = view && initiatorOf(view);
  const pongMs = desk.ping.pongMs.value;
  const facts = [
    ["lab-me", labTexts.you, me],
    ["lab-link", "link", view?.link ?? "–"],
    ["lab-presence", `${labTexts.presence}: ${other}`, presenceOf(view, other)],
    ["lab-pong", labTexts.lastPing, pongMs === undefined ? "–" : labTexts.roundTrip(pongMs)],
    ["lab-phase", labTexts.phase, view?.call?.phase ?? labTexts.noCall],
    ["lab-initiator", labTexts.initiator, initiatorWords(initiator, me)],
    ["connection-state", "connectionState", states?.connection ?? "–"],
    ["ice-connection-state", "iceConnectionState", states?.iceConnection ?? "–"],
    ["path", "path", view?.details?.stats?.selectedPair?.path ?? "–"],
  ] as const;
  return (
    <dl class="lab-panel lab-facts">
      {facts.map(([testId, label, value]) => (
        <div key={testId}>
          <dt>{label}</dt>
          <dd data-testid={testId}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function initiatorWords(initiator: string | undefined, me: string): string {
  if (initiator === undefined) return labTexts.initiatorNone;
  return initiator === me ? labTexts.initiatorMe(me) : initiator;
}
