// The shapes of /api/v1/ (docs/api.md): messages, conversations and receipts. Times are Unix milliseconds of the server's clock.

export interface SendRequest {
  to: string;
  data: string;
  type: number;
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

export interface MessageEvent {
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
}

export interface SyncRequest {
  conversations: Record<string, number>;
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
