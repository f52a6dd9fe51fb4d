import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { dayOf, isSameDay } from "./format.js";
import { useMessages, useTexts, useTyping } from "./hooks.js";
import { MessageItem } from "./MessageItem.js";
import type { MessageView } from "./MessageLog.js";

/** Milliseconds between two messages of one user that stand together. */
const TOGETHER = 5 * 60_000;
/** A message was seen when it was at the end of the view for so long, in a page that has the focus. */
const SEEN = 500;
/** Virtuoso counts down from here when older messages come. */
const START = 1_000_000_000;

export interface MessageListProps {
  /** A login id or a group's id. */
  peer: string;
  /** Shows a message instead of the built-in `<MessageItem>`. */
  renderMessage?(message: MessageView): ReactNode;
  className?: string;
}

/**
 * The messages of a conversation: only those in view are in the page. It begins at the end and stays there when messages come, unless the
 * user has scrolled up. What is seen is marked as read.
 */
export function MessageList(props: MessageListProps): ReactNode {
  // Another conversation begins at its own end.
  return <List key={props.peer} {...props} />;
}

function List({ peer, renderMessage, className }: MessageListProps): ReactNode {
  const { messages, hasMore, isLoading, error, loadMore, markRead, retry, dismiss } = useMessages(peer);
  const { texts, locale, dir } = useTexts();
  const { typists } = useTyping(peer);
  const [isAtEnd, setAtEnd] = useState(true);
  const handle = useRef<VirtuosoHandle>(null);
  const seenUpTo = useRef(0);
  const first = useFirstIndex(messages);
  const last = messages.findLast((message) => message.sequence !== undefined)?.sequence ?? 0;
  useSeen(isAtEnd && last > 0, last, useCallback(() => {
    seenUpTo.current = last;
    markRead();
  }, [last, markRead]));
  const news = isAtEnd ? 0 : messages.filter((message) => !message.mine && (message.sequence ?? 0) > seenUpTo.current).length;

  const item = (index: number, message: MessageView): ReactNode => {
    const before = messages[index - first - 1];
    const isNewDay = !before || !isSameDay(before.sentAt, message.sentAt);
    const isGrouped = !isNewDay && before.from === message.from && message.sentAt - before.sentAt < TOGETHER;
    return (
      <>
        {isNewDay && <p className="vox-day">{dayOf(message.sentAt, locale, texts)}</p>}
        {renderMessage?.(message) ?? <MessageItem {...{ message, peer, isGrouped }} onRetry={retry} onDismiss={dismiss} />}
      </>
    );
  };

  if (messages.length === 0) {
    return (
      <div dir={dir} className={`vox-messages ${className ?? ""}`} role="log" aria-label={texts.messages} aria-busy={isLoading}>
        {error
          ? <p className="vox-empty" role="alert">{error.message} <button type="button" onClick={loadMore}>{texts.retry}</button></p>
          : <p className="vox-empty" role="status">{isLoading || hasMore ? texts.loading : texts.noMessages}</p>}
      </div>
    );
  }
  return (
    <div dir={dir} className={`vox-messages ${className ?? ""}`} role="log" aria-label={texts.messages} aria-busy={isLoading}>
      <Virtuoso
        ref={handle} data={messages as MessageView[]} firstItemIndex={first} initialTopMostItemIndex={messages.length - 1}
        computeItemKey={(_, message) => `${message.from} ${message.id}`} itemContent={item} followOutput="auto" alignToBottom
        atBottomStateChange={setAtEnd} atBottomThreshold={40} startReached={() => hasMore && loadMore()} increaseViewportBy={400}
        components={{
          Header: () => (error
            ? <p className="vox-empty" role="alert">{error.message} <button type="button" onClick={loadMore}>{texts.retry}</button></p>
            : hasMore ? <p className="vox-empty">{isLoading ? texts.loading : <button type="button" onClick={loadMore}>{texts.older}</button>}</p> : null),
        }}
      />
      <p className="vox-typing" aria-live="polite">{typists.length > 0 && texts.typing(typists)}</p>
      {news > 0 && (
        <button type="button" className="vox-news" onClick={() => handle.current?.scrollToIndex({ index: "LAST", behavior: "smooth" })}>
          {texts.newMessages(news)}
        </button>
      )}
    </div>
  );
}

/** The index of the first message: it falls when older ones come, so that the view stays where it is. */
function useFirstIndex(messages: readonly MessageView[]): number {
  const state = useRef({ index: START, anchor: messages[0] });
  return useMemo(() => {
    const { anchor } = state.current;
    const added = anchor ? messages.findIndex(({ id, from }) => id === anchor.id && from === anchor.from) : 0;
    state.current = { index: state.current.index - Math.max(0, added), anchor: messages[0] };
    return state.current.index;
  }, [messages]);
}

/** Calls `seen` when something has been in view for a moment, in a page that is visible and has the focus. */
function useSeen(isInView: boolean, what: number, seen: () => void): void {
  useEffect(() => {
    if (!isInView) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible" && document.hasFocus()) timer = setTimeout(seen, SEEN);
    };
    look();
    document.addEventListener("visibilitychange", look);
    window.addEventListener("focus", look);
    window.addEventListener("blur", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("focus", look);
      window.removeEventListener("blur", look);
    };
  }, [isInView, what, seen]);
}
