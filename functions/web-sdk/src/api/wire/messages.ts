// The shapes of /api/v1/ (docs/api.md): messages, conversations and receipts. Times are Unix milliseconds of the server's clock.

/** What a message may carry besides its text. All may be absent. */
export interface MessageExtras {
  /** Login ids of those who are spoken to, at most 50. */
  mentions?: string[];
  /** All members of the group are spoken to. */
  mentionsAll?: boolean;
  /** Data of the app: a JSON object of at most 4,096 bytes. */
  custom?: Record<string, unknown>;
  /** The recipients' devices show it without a sound. */
  silent?: boolean;
}

/** Where a message is. */
export interface Place {
  conversation: string;
  sequence: number;
}

export interface SendRequest extends MessageExtras {
  to: string;
  /** Absent when a message is forwarded: the server copies it. */
  data?: string;
  type?: number;
  /** The sequence of a message of the same conversation. */
  replyTo?: number;
  /** The sequence of the message whose thread it goes into. Without `replyTo` it quotes that message. */
  thread?: number;
  /** A message that the sender can see, to be sent once more. */
  forward?: Place;
  contentType?: string;
  clientMessageId: string;
  clientTime: number;
  clientSequence: number;
  /** False: the sender does not want to hear when it is received and read. */
  reports?: boolean;
  /** The newest tip of the conversation that is known here. */
  tip?: string;
}

export interface SendResponse {
  id: string;
  conversation: string;
  sequence: number;
  sentAt: number;
  duplicate: boolean;
  /** Opaque: goes back with the next message of the conversation, which then costs the server less. */
  tip?: string;
  /** See {@link Epoch}. */
  epoch?: number;
}

/**
 * From when on the sequences of a conversation are as they are now. A server that was restored from a backup may have lost messages. It gives
 * their sequences again, to other messages, in a new epoch.
 */
export interface Epoch {
  epoch: number;
  /** The last message that was restored. What a client of an earlier epoch has after it is not on the server any more. */
  lastSequence: number;
}

/** The users of one emoji on a message. */
export interface Reaction {
  emoji: string;
  count: number;
  /** Login ids of the first five at most. */
  users: string[];
  /** This user is one of them. */
  mine?: boolean;
}

/** A copy of the message that was answered, as it was then. */
export interface Quote {
  sequence: number;
  from: string;
  type: number;
  /** At most 200 characters of the text. */
  data: string;
  thumbnail?: string;
}

/** The thread under a message. */
export interface ThreadSummary {
  /** Those that were deleted keep their places. */
  count: number;
  lastAt: number;
  /** Login ids of the first five users who replied. */
  users: string[];
}

export interface ThreadPage {
  conversation: string;
  /** The message that the thread begins with. */
  message: MessageEvent;
  /** Replies, newest first. */
  messages: MessageEvent[];
  /** For the next page; absent on the last. */
  before?: number;
}

export interface MessageEvent extends MessageExtras {
  conversation: string;
  /** 1, 2, 3 … without gaps in a conversation. */
  sequence: number;
  /** Chosen by the client that sent it. */
  id: string;
  from: string;
  /** Login id of the recipient, or the group's id. */
  to: string;
  type: number;
  contentType: string;
  data: string;
  thumbnail?: string;
  size: number;
  sentAt: number;
  clientTime?: number;
  clientSequence?: number;
  deliveredAt?: number;
  readAt?: number;
  /** False: the sender did not want to hear when it is received and read. */
  reports?: boolean;
  /** In a live event: see {@link SendResponse}. */
  tip?: string;
  /** True: the message was erased. Its text is empty, and its sender may have a pseudonym. */
  erased?: boolean;
  /** In a live event: see {@link Epoch}. */
  epoch?: number;
  /** The number of the last change of this message; absent when there was none. Of two states, the one with the higher number is valid. */
  change?: number;
  editedAt?: number;
  /** It was deleted for everyone. Then `data` is "", and there are no reactions. */
  deletedAt?: number;
  /** Login id of whoever has deleted it. */
  deletedBy?: string;
  reactions?: Reaction[];
  pinnedAt?: number;
  pinnedBy?: string;
  replyTo?: Quote;
  /** The thread that it is in: the sequence of the message that the thread begins with, and its place among the replies: 1, 2, 3, … */
  thread?: { sequence: number; number?: number };
  /** The thread under it, as it was when the message was read. Of a later reply, `thread.number` says how many there are. */
  replies?: ThreadSummary;
  forwarded?: boolean;
  /** True: the customer's system says it, and no user. Then `from` is "". Only in groups. */
  system?: boolean;
}

/** How far somebody has received and read a conversation. */
export interface Mark {
  delivered: number;
  deliveredAt?: number;
  read: number;
  readAt?: number;
}

export interface MessagePage {
  conversation: string;
  lastSequence: number;
  /** In a group: the caller does not see messages before this one. */
  firstSequence?: number;
  /** Newest first. */
  messages: MessageEvent[];
  /** The number of the last change in the conversation. */
  lastChange?: number;
  /** Messages in this page's range that the user has deleted for themself. They are left out. */
  hiddenSequences?: number[];
  /** See {@link SendResponse}. */
  tip?: string;
  /** Oldest first; the last one is the present one. */
  epochs?: Epoch[];
}

export interface ConversationSummary {
  conversation: string;
  with: string;
  group: boolean;
  name?: string;
  lastSequence: number;
  unread: number;
  closed: boolean;
  lastMessage: MessageEvent;
  own: Mark;
  other?: Mark;
  lastChange?: number;
  settings?: ConversationSettings;
  /** Unread messages that mention the user. */
  unreadMentions?: number;
}

/** What a user has set for a conversation, on all their devices. What is absent is not set. */
export interface ConversationSettings {
  conversation: string;
  /** Unix milliseconds; -1: for ever. */
  mutedUntil?: number;
  archived?: boolean;
  favourite?: boolean;
  /** The user has marked the messages from this one on as unread. */
  unreadFrom?: number;
  /** The user has deleted the messages up to this one for themself. */
  clearedThrough?: number;
  /** Messages that the user has deleted for themself: the newest 1,000, or those that they have just deleted. */
  hiddenSequences?: number[];
  /** Of two states, the one with the higher version is valid. */
  version: number;
}

export interface ConversationPage {
  total: number;
  conversations: ConversationSummary[];
}

export interface ConversationChanges {
  conversation: string;
  with: string;
  group?: boolean;
  lastSequence: number;
  /** Oldest first. */
  messages: MessageEvent[];
  complete: boolean;
  /** In a group: the caller does not see messages before this one. */
  firstSequence?: number;
  /** The group's name. */
  name?: string;
  /** True when the other user was deleted, or when the caller is not in the group any more. */
  closed?: boolean;
  own?: Mark;
  other?: Mark;
  /** As in a list of conversations. */
  unread?: number;
  /** The newest message of the other user. Absent in a group. */
  lastOther?: number;
  /** See {@link SendResponse}. */
  tip?: string;
  /** Oldest first; the last one is the present one. */
  epochs?: Epoch[];
  lastChange?: number;
  /** Messages that have changed since the change that was asked for, each once, as they are now. */
  changed?: MessageEvent[];
  /** All changes up to this one are in `changed`. */
  changedThrough?: number;
  /** Too much has changed: pages that are shown are out of date. */
  changesReset?: boolean;
  settings?: ConversationSettings;
  unreadMentions?: number;
}

export interface SyncRequest {
  conversations: Record<string, number>;
  /** For each conversation, the last change that is known. */
  changes?: Record<string, number>;
  newest?: number;
  cursor?: string;
}

export interface SyncResponse {
  conversations: ConversationChanges[];
  cursor?: string;
  serverTime: number;
}

export interface Receipt {
  conversation: string;
  delivered?: number;
  read?: number;
}

export interface ReceiptEvent {
  conversation: string;
  with: string;
  by: string;
  delivered: number;
  deliveredAt?: number;
  read: number;
  readAt?: number;
  group?: boolean;
  /** In a group: the marks before this event. */
  deliveredFrom?: number;
  readFrom?: number;
}
