import type { ChatEntry } from "@peerline/client";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { unreadCount } from "../state/call-selectors.ts";
import type { CallDesk } from "../state/session.ts";
import { texts } from "../state/texts.ts";
import { Icon } from "../ui/icon.tsx";
import { Moment } from "../ui/moment.tsx";

/** Who is this near to the newest line, in px, reads along. */
const nearEndPx = 48;

export interface ChatLogProps {
  readonly chat: readonly ChatEntry[];
  readonly name: string;
  readonly desk: CallDesk;
}

/** The messages, oldest first. Text only: nothing in it becomes a link or markup. */
export function ChatLog({ chat, name, desk }: ChatLogProps) {
  const { log, note, toEnd } = useReading(chat, desk);
  const unread = unreadCount(chat, desk.seen.value);
  return (
    <div class="chat-history">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <div class="chat-log" role="log" aria-labelledby="chat-title" tabIndex={0} ref={log} onScroll={note}>
        {chat.length === 0 && <p class="quiet small chat-empty">{texts.chat.empty}</p>}
        {chat.map((entry) => (
          <ChatMessage key={entry.id} entry={entry} name={name} />
        ))}
      </div>
      {unread > 0 && (
        <button type="button" class="chip chat-newer" data-testid="chat-newer" onClick={toEnd}>
          <Icon name="arrowDown" size={16} />
          {texts.chat.newer(unread)}
        </button>
      )}
    </div>
  );
}

function ChatMessage({ entry, name }: { readonly entry: ChatEntry; readonly name: string }) {
  return (
    <div class="chat-message" data-testid="chat-message" data-from={entry.from}>
      <p class="chat-text">
        <span class="visually-hidden">{entry.from === "me" ? texts.chat.me : name}: </span>
        {entry.text}
      </p>
      <Moment class="chat-time" at={entry.at} />
    </div>
  );
}

/** Keeps the newest line in sight of who was there, also when the log grows smaller, and leaves alone who has scrolled up. */
function useReading(chat: readonly ChatEntry[], desk: CallDesk) {
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const shape = useRef("");
  const shown = useRef(chat);
  shown.current = chat;
  // A message can come between scrolling up and the event that tells of it.
  if (log.current && shape.current === shapeOf(log.current)) isAtEnd.current = isNearEnd(log.current);

  function note(): void {
    const box = log.current;
    if (!box) return;
    // A scroll that nobody made: the log or its lines have become another size.
    if (isAtEnd.current && shape.current !== shapeOf(box)) {
      toEnd();
      return;
    }
    isAtEnd.current = isNearEnd(box);
    if (isAtEnd.current) desk.seen.value = new Set(shown.current.map(({ id }) => id));
  }

  function toEnd(): void {
    const box = log.current;
    if (!box) return;
    shape.current = shapeOf(box);
    box.scrollTo({ top: box.scrollHeight });
    note();
  }

  useLayoutEffect(() => {
    if (isAtEnd.current || chat.at(-1)?.from === "me") toEnd();
  }, [chat]);

  useEffect(() => {
    const observer = new ResizeObserver(note);
    if (log.current) observer.observe(log.current);
    return () => observer.disconnect();
  }, []);

  return { log, note, toEnd };
}

function isNearEnd({ scrollHeight, scrollTop, clientHeight }: HTMLElement): boolean {
  return scrollHeight - scrollTop - clientHeight < nearEndPx;
}

function shapeOf({ clientWidth, clientHeight, scrollHeight }: HTMLElement): string {
  return `${clientWidth} ${clientHeight} ${scrollHeight}`;
}
