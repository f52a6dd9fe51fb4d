import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from "react";
import { Virtuoso, type VirtuosoHandle } from "react-virtuoso";
import { dayOf, isSameDay, summaryOf } from "./format.js";
import { useConversation, useMessages, useNames, useTexts, useTyping } from "./hooks.js";
import { MessageItem } from "./MessageItem.js";
import type { MessagesResult } from "./hooks.js";
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
  const names = useNames(typists);
  // Until it is known, nothing can be marked as read.
  const isKnown = useConversation(peer) !== undefined;
  const root = useRef<HTMLDivElement>(null);
  const isInView = useInView(root);
  const [isAtEnd, setAtEnd] = useState(true);
  const handle = useRef<VirtuosoHandle>(null);
  const seenUpTo = useRef(Infinity);
  const first = useFirstIndex(messages);
  const last = messages.findLast((message) => message.sequence !== undefined)?.sequence ?? 0;
  useSeen(isInView && isAtEnd && isKnown && last > 0, last, useCallback(() => {
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

  const left = (end: boolean): void => {
    if (!end) seenUpTo.current = Math.min(seenUpTo.current, last);
    setAtEnd(end);
  };

  if (messages.length === 0) {
    return (
      <div ref={root} dir={dir} className={`vox-messages ${className ?? ""}`} role="log" aria-label={texts.messages} aria-busy={isLoading}>
        {error
          ? <p className="vox-empty" role="alert">{error.message} <button type="button" onClick={loadMore}>{texts.retry}</button></p>
          : <p className="vox-empty" role="status">{isLoading || hasMore ? texts.loading : texts.noMessages}</p>}
      </div>
    );
  }
  const heard = messages.findLast((message) => !message.mine && !message.hidden && !message.deleted);
  return (
    <div ref={root} dir={dir} className={`vox-messages ${className ?? ""}`} role="log" aria-live="off" aria-label={texts.messages} aria-busy={isLoading}>
      <Virtuoso<MessageView, Older>
        ref={handle} data={messages as MessageView[]} firstItemIndex={first} initialTopMostItemIndex={messages.length - 1}
        computeItemKey={(_, message) => `${message.from} ${message.id}`} itemContent={item} followOutput="auto" alignToBottom
        atBottomStateChange={left} atBottomThreshold={40} startReached={() => hasMore && loadMore()} increaseViewportBy={400}
        context={{ hasMore, isLoading, error, loadMore }} components={COMPONENTS}
      />
      <p className="vox-typing" aria-live="polite">{names.length > 0 && texts.typing(names)}</p>
      <p className="vox-hidden" aria-live="polite">{isAtEnd && heard && summaryOf(heard.type, heard.data, texts)}</p>
      {news > 0 && (
        <button type="button" className="vox-news" onClick={() => handle.current?.scrollToIndex({ index: "LAST", behavior: "smooth" })}>
          {texts.newMessages(news)}
        </button>
      )}
    </div>
  );
}

type Older = Pick<MessagesResult, "hasMore" | "isLoading" | "error" | "loadMore">;

/** Above the first message. The same component all the time, so that its button keeps the focus. */
function Header({ context }: { context?: Older }): ReactNode {
  const { texts } = useTexts();
  if (!context) return null;
  const { hasMore, isLoading, error, loadMore } = context;
  return error
    ? <p className="vox-empty" role="alert">{error.message} <button type="button" onClick={loadMore}>{texts.retry}</button></p>
    : hasMore ? <p className="vox-empty">{isLoading ? texts.loading : <button type="button" onClick={loadMore}>{texts.older}</button>}</p> : null;
}

const COMPONENTS = { Header };

/** Whether an element is on the screen: in a layout for phones the list may be hidden. */
function useInView(element: RefObject<HTMLElement | null>): boolean {
  const [isInView, setInView] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => setInView(entries.at(-1)?.isIntersecting ?? false));
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return isInView;
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
