import { useRef, type KeyboardEvent, type ReactNode } from "react";
import { Avatar } from "./Avatar.js";
import { summaryOf, timeOf } from "./format.js";
import { useConversations, useNames, useTexts, useTyping, useVox } from "./hooks.js";
import { Name } from "./Name.js";
import type { ConversationView } from "./ChatStore.js";

export interface ConversationListProps {
  /** The peer of the conversation that is open. */
  selected?: string;
  /** @param peer A login id or a group's id. */
  onSelect(peer: string): void;
  /** Which conversations, and in which order. Default: all that are not archived, favourites first, then the newest. */
  arrange?(conversations: readonly ConversationView[]): readonly ConversationView[];
  className?: string;
}

const notArchived = (conversations: readonly ConversationView[]) => conversations.filter(({ settings }) => !settings.archived);

/** The user's conversations, with what was said last and how much is unread. Arrow keys, Home and End move through it. */
export function ConversationList({ selected, onSelect, arrange = notArchived, className }: ConversationListProps): ReactNode {
  const { conversations, isLoading } = useConversations();
  const { texts, dir } = useTexts();
  const list = useRef<HTMLUListElement>(null);
  const shown = arrange(conversations);

  const move = (event: KeyboardEvent) => {
    const buttons = [...list.current!.querySelectorAll<HTMLButtonElement>("button")];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(buttons.length - 1, to))]?.focus();
  };

  return (
    <nav dir={dir} className={`vox-conversations ${className ?? ""}`} aria-label={texts.conversations} aria-busy={isLoading}>
      {isLoading && shown.length === 0 && <p className="vox-empty" role="status">{texts.loading}</p>}
      {!isLoading && shown.length === 0 && <p className="vox-empty">{texts.noConversations}</p>}
      <ul ref={list} onKeyDown={move}>
        {shown.map((conversation) => (
          <li key={conversation.id}>
            <Item conversation={conversation} isSelected={conversation.peer === selected} onSelect={onSelect} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Item({ conversation, isSelected, onSelect }: { conversation: ConversationView; isSelected: boolean; onSelect(peer: string): void }): ReactNode {
  const { peer, lastMessage, unread } = conversation;
  const { texts, locale } = useTexts();
  const names = useNames(useTyping(peer).typists);
  const { contacts } = useVox();
  return (
    <button type="button" className="vox-conversation" aria-current={isSelected || undefined} onClick={() => onSelect(peer)}>
      <Avatar id={peer} />
      <span className="vox-conversation-name"><Name id={peer} /></span>
      {lastMessage && <time dateTime={new Date(lastMessage.sentAt).toISOString()}>{timeOf(lastMessage.sentAt, locale)}</time>}
      <span className="vox-conversation-text">
        {names.length > 0 ? texts.typing(names)
          : lastMessage && (lastMessage.deletedAt || lastMessage.erased ? texts.deleted
            : contacts.isBlocked(lastMessage.from) ? texts.blocked
            : <bdi>{summaryOf(lastMessage.type, lastMessage.data, texts)}</bdi>)}
      </span>
      {unread > 0 && <span className="vox-badge"><span aria-hidden="true">{unread}</span><span className="vox-hidden">{texts.unread(unread)}</span></span>}
    </button>
  );
}
