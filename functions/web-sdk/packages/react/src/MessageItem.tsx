import { memo, type ReactNode } from "react";
import { isGroupId, MessageType } from "@voxfunctions/chat";
import { Attachment } from "./Attachment.js";
import { Avatar } from "./Avatar.js";
import { summaryOf, timeOf } from "./format.js";
import { useTexts, useVox } from "./hooks.js";
import { Name } from "./Name.js";
import type { MessageView } from "./MessageLog.js";

const FILES: readonly number[] = [MessageType.Image, MessageType.Video, MessageType.Document];
const LINK = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/;

export interface MessageItemProps {
  message: MessageView;
  peer: string;
  /** The message before is by the same user, of the same day and at most five minutes older. */
  isGrouped: boolean;
  onRetry(id: string): void;
  onDismiss(id: string): void;
}

/** One message. */
export const MessageItem = memo(function MessageItem({ message, peer, isGrouped, onRetry, onDismiss }: MessageItemProps): ReactNode {
  const { texts, locale } = useTexts();
  const { contacts } = useVox();
  const isNamed = isGroupId(peer) && !message.mine && !message.event?.system && !isGrouped;
  const status = message.mine ? texts[message.status] : undefined;
  return (
    <article className={`vox-message ${message.mine ? "vox-mine" : ""} ${isGrouped ? "vox-grouped" : ""} vox-${message.status}`}>
      {isNamed && <Avatar id={message.from} />}
      <div className="vox-bubble">
        {isNamed && <strong><Name id={message.from} /></strong>}
        {message.replyTo && (
          <blockquote>
            <Name id={message.replyTo.from} />
            <p dir="auto">
              {contacts.isBlocked(message.replyTo.from) ? texts.blocked : summaryOf(message.replyTo.type, message.replyTo.data, texts)}
            </p>
          </blockquote>
        )}
        <Body message={message} />
        <Reactions message={message} />
        <footer>
          {message.edited && <span>{texts.edited} </span>}
          <time dateTime={new Date(message.sentAt).toISOString()}>{timeOf(message.sentAt, locale)}</time>
          {status && <span className="vox-status"> {status}</span>}
        </footer>
        {message.status === "failed" && (
          <p role="alert">
            {message.error?.message ?? texts.failed}{" "}
            <button type="button" onClick={() => onRetry(message.id)}>{texts.retry}</button>{" "}
            <button type="button" onClick={() => onDismiss(message.id)}>{texts.dismiss}</button>
          </p>
        )}
      </div>
    </article>
  );
});

function Body({ message }: { message: MessageView }): ReactNode {
  const { texts } = useTexts();
  if (message.deleted) return <p className="vox-deleted">{texts.deleted}</p>;
  if (message.hidden) return <p className="vox-deleted">{texts.blocked}</p>;
  if (FILES.includes(message.type)) return <Attachment message={message} />;
  const text = message.type === MessageType.Text ? message.data : summaryOf(message.type, message.data, texts);
  // Every second part is a link.
  return (
    <p dir="auto">
      {text.split(LINK).map((part, i) => (i % 2 ? <a key={i} href={part} target="_blank" rel="noreferrer noopener">{part}</a> : part))}
    </p>
  );
}

function Reactions({ message }: { message: MessageView }): ReactNode {
  const reactions = message.event?.reactions;
  if (!reactions?.length) return null;
  return <p className="vox-reactions">{reactions.map(({ emoji, count }) => <span key={emoji}>{emoji} {count}</span>)}</p>;
}
