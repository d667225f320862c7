import type { MediaKind } from "@peerline/call-machine";
import type { PersonRow } from "../state/people-rows.ts";
import { texts } from "../state/texts.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";

/** One person: who, how they are, two ways to call. */
export function PersonItem({
  row,
  onCall,
}: {
  readonly row: PersonRow;
  readonly onCall: (kind: MediaKind) => void;
}) {
  const name = row.displayName;
  const why = row.obstacle && texts.people.cannotCall[row.obstacle](name);
  const call = (kind: MediaKind) => ({ name, why, onClick: () => onCall(kind) });
  return (
    <li class="person" data-testid={`person-${row.user}`} data-status={row.status}>
      <Avatar name={name} user={row.user} />
      <div class="person-words">
        <span class="person-name">{name}</span>
        <Status row={row} />
        {row.isEcho && (
          <span class="person-hint">
            {row.status === "offline" ? texts.people.echoOffline : texts.people.echoHint}
          </span>
        )}
      </div>
      <div class="person-actions">
        <CallButton {...call("audio")} icon="phone" label={texts.people.audioCall} testId="call-audio" />
        <CallButton {...call("video")} icon="camera" label={texts.people.videoCall} testId="call-video" />
      </div>
    </li>
  );
}

function Status({ row }: { readonly row: PersonRow }) {
  const word = row.status === "unknown" ? texts.people.unknown : texts.people.availability[row.status];
  return (
    <span class="status" data-testid="status">
      <span class={`status-dot status-${row.status}`} />
      {word}
    </span>
  );
}

interface CallButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly name: string;
  readonly why: string | undefined;
  readonly testId: string;
  readonly onClick: () => void;
}

function CallButton({ icon, label, name, why, testId, onClick }: CallButtonProps) {
  return (
    <button
      type="button"
      class="icon-button call-button"
      disabled={why !== undefined}
      title={why ?? label}
      aria-label={texts.people.callLabel(label, name)}
      data-testid={testId}
      onClick={onClick}
    >
      <Icon name={icon} size={20} />
      <span class="call-button-label">{label}</span>
    </button>
  );
}
