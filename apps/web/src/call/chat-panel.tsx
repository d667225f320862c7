import type { CallPhase } from "@peerline/call-machine";
import type { CallDetails, ChatEntry } from "@peerline/client";
import { useEffect, useRef, useState } from "preact/hooks";
import { isUp } from "../state/call-selectors.ts";
import { checkChatText } from "../state/chat-text.ts";
import { type CallDesk, useSession } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";
import { focusChatToggle } from "./call-bar.tsx";
import { ChatLog } from "./chat-log.tsx";

export interface ChatPanelProps {
  readonly details: CallDetails | undefined;
  readonly desk: CallDesk;
  readonly name: string;
  readonly phase: CallPhase;
}

const none: readonly ChatEntry[] = [];

/** Text beside the call: a column on wide pages, a sheet on narrow ones. UX 1.6. */
export function ChatPanel({ details, desk, name, phase }: ChatPanelProps) {
  function close(): void {
    desk.chatOpen.value = false;
    focusChatToggle();
  }

  return (
    <section
      class="chat"
      aria-labelledby="chat-title"
      data-testid="chat"
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <header class="chat-header">
        <h2 id="chat-title">{texts.chat.title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label={texts.chat.close}
          data-testid="chat-close"
          onClick={close}
        >
          <Icon name="close" size={20} />
        </button>
      </header>
      <ChatLog chat={details?.chat ?? none} name={name} desk={desk} />
      <ChatForm desk={desk} phase={phase} canChat={details?.canChat ?? false} />
    </section>
  );
}

interface ChatFormProps {
  readonly desk: CallDesk;
  readonly phase: CallPhase;
  readonly canChat: boolean;
}

function ChatForm({ desk, phase, canChat }: ChatFormProps) {
  const { peerline } = useSession();
  const input = useRef<HTMLTextAreaElement>(null);
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => input.current?.focus(), []);

  function send(event: Event): void {
    event.preventDefault();
    const text = desk.draft.value.trim();
    const check = checkChatText(text);
    if (check === "empty") return;
    const sent = check === "fits" && peerline.sendChat(text);
    if (sent) desk.draft.value = "";
    setTrouble(sent ? undefined : check === "tooLong" ? texts.chat.tooLong : texts.chat.notSent);
  }

  return (
    <form class="chat-form" onSubmit={send}>
      {!canChat && <p class="quiet small">{texts.chat.waiting[isUp(phase) ? "interrupted" : "before"]}</p>}
      {trouble && (
        <p class="field-error" role="alert">
          {trouble}
        </p>
      )}
      <div class="chat-line">
        <textarea
          ref={input}
          rows={1}
          aria-label={texts.chat.placeholder}
          placeholder={texts.chat.placeholder}
          value={desk.draft.value}
          data-testid="chat-input"
          onInput={(event) => {
            desk.draft.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
          }}
        />
        <button
          type="submit"
          class="icon-button chat-send"
          aria-label={texts.chat.send}
          disabled={!canChat}
          data-testid="chat-send"
        >
          <Icon name="send" size={20} />
        </button>
      </div>
    </form>
  );
}
