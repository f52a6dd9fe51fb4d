// The shapes of /api/v1/ (docs/api.md). Times are Unix milliseconds of the server's clock.

export interface SessionResponse {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  loginId: string;
  realtimeUser: string;
  serverTime: number;
}

export interface SendRequest {
  to: string;
  data: string;
  type: number;
  contentType?: string;
  clientMessageId: string;
  clientTime: number;
  clientSequence: number;
}

export interface SendResponse {
  id: string;
  conversation: string;
  sequence: number;
  sentAt: number;
  duplicate: boolean;
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
  /** Newest first. */
  messages: MessageEvent[];
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
  own?: Mark;
  other?: Mark;
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
}

export interface Profile {
  displayName: string;
  status: string;
  photo: string;
}

export interface OwnProfile extends Profile {
  loginId: string;
}

export interface UserInfo extends Profile {
  id: string;
  online: boolean;
  /** 0: never seen. */
  lastSeen: number;
}

export interface Contact extends UserInfo {
  type: number;
  registered: boolean;
  blocked: boolean;
}

export interface PresenceEvent {
  user: string;
  online: boolean;
  time: number;
  status: string;
}

export interface ProfileEvent extends Profile {
  user: string;
}

export interface TypingEvent {
  from: string;
  to?: string;
  group?: string;
}

export interface Problem {
  code?: string;
  detail?: string;
  title?: string;
  retryable?: boolean;
}
