import type { ConversationSettings, Mark, MessageEvent } from "../api/wire/messages.js";
import type { ChangeNews } from "./ChangeFlow.js";
import type { Conversation } from "./Conversation.js";
import type { ToldMark } from "./Told.js";

/** What this device knows from before. */
export interface InboxMemory {
  /** @returns undefined when everything about the conversation counts as told. */
  of(conversation: string): ToldMark | undefined;
}

export const NO_MEMORY: InboxMemory = { of: () => undefined };
export const NOTHING: ToldMark = { position: 0, delivered: 0, read: 0 };

export interface InboxEvents {
  /** The next message of a conversation: each exactly once, without gaps, in order. */
  message(conversation: Conversation, message: MessageEvent): void;
  /** Somebody's marks as they are now. They may be unchanged. */
  marks(conversation: Conversation, own: Mark | undefined, other: Mark | undefined): void;
  /** An own message that is not told, because synchronizing has brought it as one from before the log-in. */
  silent?(conversation: Conversation, message: MessageEvent): void;
  /** The server was restored and has lost messages of a conversation: it goes on after `conversation.last`. */
  restored?(conversation: Conversation): void;
  /** A message that was told is different now. */
  changed?(conversation: Conversation, message: MessageEvent, news?: ChangeNews): void;
  /** What was told of a conversation may be out of date. */
  reset?(conversation: Conversation): void;
  /** The settings of a conversation are others than before. */
  settings?(settings: ConversationSettings): void;
  /** The server's time, and the milliseconds that the answer took. */
  time?(now: number, elapsed: number): void;
  /** Groups are among the conversations that are about to be shown. What is awaited here is known before. */
  groups?(): Promise<void>;
}
