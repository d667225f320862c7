import type { ChatEntry } from "@peerline/client";
import { useLayoutEffect, useRef } from "preact/hooks";
import { texts } from "../state/texts.ts";

const timeFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

/** The messages, oldest first, scrolled to the newest. Text only: nothing in it becomes a link or markup. */
export function ChatLog({ chat, name }: { readonly chat: readonly ChatEntry[]; readonly name: string }) {
  const log = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [chat.length]);
  return (
    <div class="chat-log" role="log" aria-labelledby="chat-title" ref={log}>
      {chat.length === 0 && <p class="quiet small chat-empty">{texts.chat.empty}</p>}
      {chat.map((entry) => (
        <div key={entry.id} class="chat-message" data-testid="chat-message" data-from={entry.from}>
          <p class="chat-text">
            <span class="visually-hidden">{entry.from === "me" ? texts.chat.me : name}: </span>
            {entry.text}
          </p>
          {entry.at !== undefined && (
            <time class="chat-time" dateTime={new Date(entry.at).toISOString()}>
              {timeFormat.format(entry.at)}
            </time>
          )}
        </div>
      ))}
    </div>
  );
}
