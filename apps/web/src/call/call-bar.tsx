import type { CallView, SourceState } from "@peerline/call-machine";
import type { CallDetails } from "@peerline/client";
import { isWanted, unreadCount } from "../state/call-selectors.ts";
import { type CallDesk, useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon, type IconName } from "../ui/icon.tsx";

const chatToggleId = "chat-toggle";

/** Puts the focus back on the button that opened the chat. */
export function focusChatToggle(): void {
  document.getElementById(chatToggleId)?.focus();
}

/** The one bar of a call. Off is the louder state; the end is set apart. UX 1.5, 9. */
export function CallBar({
  call,
  details,
  desk,
}: {
  readonly call: CallView;
  readonly details: CallDetails | undefined;
  readonly desk: CallDesk;
}) {
  const { peerline } = useSession();
  const { microphone, camera } = call.local;
  return (
    <footer class="call-bar">
      <SourceButton
        icons={["microphone", "microphoneOff"]}
        label={texts.call.microphone}
        actions={texts.call.microphoneAction}
        state={microphone}
        isReady={call.can.setSources}
        testId="toggle-microphone"
        onSet={(on) => peerline.setMicrophone(on)}
      />
      <SourceButton
        icons={["camera", "cameraOff"]}
        label={texts.call.camera}
        actions={texts.call.cameraAction}
        state={camera}
        isReady={call.can.setSources}
        testId="toggle-camera"
        onSet={(on) => peerline.setCamera(on)}
      />
      <ChatButton details={details} desk={desk} />
      <EndButton call={call} />
    </footer>
  );
}

interface SourceButtonProps {
  readonly icons: readonly [on: IconName, off: IconName];
  readonly label: string;
  readonly actions: { readonly on: string; readonly off: string };
  readonly state: SourceState;
  readonly isReady: boolean;
  readonly testId: string;
  readonly onSet: (on: boolean) => void;
}

function SourceButton({ icons, label, actions, state, isReady, testId, onSet }: SourceButtonProps) {
  const on = isWanted(state);
  const action = on ? actions.on : actions.off;
  return (
    <button
      type="button"
      class="bar-button"
      data-off={!on}
      data-state={state}
      aria-label={action}
      aria-busy={state === "opening" || state === "waiting"}
      title={action}
      disabled={!isReady}
      data-testid={testId}
      onClick={() => onSet(!on)}
    >
      <span class="bar-round">
        <Icon name={icons[on ? 0 : 1]} />
      </span>
      <span class="bar-label">{label}</span>
    </button>
  );
}

function ChatButton({
  details,
  desk,
}: {
  readonly details: CallDetails | undefined;
  readonly desk: CallDesk;
}) {
  const unread = unreadCount(details?.chat ?? [], desk.seen.value);
  const isOpen = desk.chatOpen.value;
  return (
    <button
      type="button"
      class="bar-button"
      id={chatToggleId}
      aria-expanded={isOpen}
      data-testid="toggle-chat"
      data-unread={unread}
      onClick={() => {
        desk.chatOpen.value = !isOpen;
      }}
    >
      <span class="bar-round">
        <Icon name="chat" />
        {unread > 0 && (
          <span class="bar-count" aria-hidden="true">
            {unread}
          </span>
        )}
      </span>
      <span class="bar-label">{texts.chat.title}</span>
      {unread > 0 && <span class="visually-hidden">{texts.chat.unread(unread)}</span>}
    </button>
  );
}

function EndButton({ call }: { readonly call: CallView }) {
  const { peerline } = useSession();
  const isOutgoing = call.phase === "dialing" || call.phase === "ringing";
  return (
    <button
      type="button"
      class="bar-button bar-end"
      aria-label={isOutgoing ? texts.call.cancel : texts.call.end}
      disabled={!call.can.hangUp}
      data-testid={isOutgoing ? "cancel" : "hang-up"}
      onClick={() => peerline.hangUp()}
    >
      <span class="bar-round">
        <Icon name="hangUp" />
      </span>
      <span class="bar-label">{isOutgoing ? texts.call.cancelShort : texts.call.endShort}</span>
    </button>
  );
}
