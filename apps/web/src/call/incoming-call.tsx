import type { CallView, MediaKind } from "@peerline/call-machine";
import { answerKinds, placeOf } from "../state/call-selectors.ts";
import { useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";

/** Whoever rings, over any page. Takes no focus: the person may be typing. UX 1.4, 3.2. */
export function IncomingCall() {
  const { call } = useSession().view.value;
  if (!call || placeOf(call) !== "overlay") return null;
  return <Ringing call={call} />;
}

function Ringing({ call }: { readonly call: CallView }) {
  const { peerline } = useSession();
  const name = call.remote.displayName;
  return (
    <div
      class="incoming"
      role="alertdialog"
      aria-labelledby="incoming-title"
      aria-describedby="incoming-kind"
      data-testid="incoming-call"
    >
      <div class="incoming-who">
        <span class="pulse" data-still={call.silenced}>
          <Avatar name={name} user={call.remote.user} />
        </span>
        <div>
          <h2 id="incoming-title">{texts.incoming.title(name)}</h2>
          <p id="incoming-kind" class="quiet">
            {texts.incoming.kind[call.kind]}
          </p>
        </div>
        <SilenceButton call={call} />
      </div>
      <SoundPrompt />
      <div class="incoming-actions">
        {answerKinds(call.kind).map((kind, index) => (
          <AnswerButton
            key={kind}
            kind={kind}
            asked={call.kind}
            isFirst={index === 0}
            isReady={call.can.accept}
          />
        ))}
        <button
          type="button"
          class="button button-danger"
          data-testid="decline"
          disabled={!call.can.decline}
          onClick={() => peerline.decline()}
        >
          <Icon name="hangUp" size={20} />
          {texts.incoming.decline}
        </button>
      </div>
    </div>
  );
}

const answerIcons: Record<MediaKind, IconName> = { video: "camera", audio: "phone", data: "chat" };

interface AnswerButtonProps {
  readonly kind: MediaKind;
  readonly asked: MediaKind;
  readonly isFirst: boolean;
  readonly isReady: boolean;
}

function AnswerButton({ kind, asked, isFirst, isReady }: AnswerButtonProps) {
  const { peerline } = useSession();
  const labels: Record<MediaKind, string> = {
    video: texts.incoming.answerVideo,
    audio: asked === "video" ? texts.incoming.answerAudioOnly : texts.incoming.answerAudio,
    data: texts.incoming.answerData,
  };
  return (
    <button
      type="button"
      class={isFirst ? "button button-answer" : "button"}
      data-testid={`answer-${kind}`}
      disabled={!isReady}
      onClick={() => peerline.accept(kind)}
    >
      <Icon name={answerIcons[kind]} size={20} />
      {labels[kind]}
    </button>
  );
}

function SilenceButton({ call }: { readonly call: CallView }) {
  const { peerline } = useSession();
  const label = call.silenced ? texts.incoming.silenced : texts.incoming.silence;
  return (
    <button
      type="button"
      class="icon-button incoming-silence"
      aria-label={label}
      title={label}
      disabled={call.silenced}
      data-testid="silence"
      onClick={() => peerline.silence()}
    >
      <Icon name={call.silenced ? "soundOff" : "sound"} size={20} />
    </button>
  );
}

function SoundPrompt() {
  const { sound } = useSession();
  if (!sound.blocked.value) return null;
  return (
    <p class="incoming-sound">
      <span>{texts.incoming.soundBlocked}</span>
      <button type="button" class="link-button" data-testid="turn-on-sound" onClick={() => sound.unlock()}>
        {texts.incoming.turnOnSound}
      </button>
    </p>
  );
}
