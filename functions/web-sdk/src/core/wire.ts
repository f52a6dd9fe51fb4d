// The shapes of /api/v1/ (docs/api.md). Times are Unix milliseconds of the server's clock.

export interface SessionResponse {
  accessToken: string;
  /** Seconds. */
  expiresIn: number;
  refreshToken: string;
  loginId: string;
  realtimeUser: string;
  serverTime: number;
  /** Of media addresses, on the server. */
  mediaPath?: string;
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

export interface BeginUploadRequest {
  name: string;
  size: number;
  contentType?: string;
  kind?: "file" | "photo" | "thumbnail";
  key?: string;
}

export interface UploadResponse {
  id: string;
  key: string;
  /** Lets this client write the one blob. */
  url: string;
  blockSize: number;
  expiresAt: number;
  resumableUntil: number;
  /** Numbers of the blocks that have arrived. */
  blocks: number[];
}

export interface CompleteUploadRequest {
  to?: string;
  type?: number;
  clientMessageId?: string;
  thumbnailUrl?: string;
  thumbnailUpload?: string;
  clientTime?: number;
  clientSequence?: number;
}

export interface CompletedUpload {
  key: string;
  size: number;
  /** 7 when the content is not what was claimed. */
  type: number;
  contentType: string;
  thumbnail?: string;
  preview?: string;
  width?: number;
  height?: number;
  /** Why there is no thumbnail, or why it is a document. */
  reason?: string;
  message?: SendResponse;
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
  /** In a group: messages below it are not for the caller. */
  firstSequence?: number;
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
  /** In a group: messages below it are not for the caller. */
  firstSequence?: number;
  /** The group's. */
  name?: string;
  /** The other user was deleted; the caller is not in the group any more. */
  closed?: boolean;
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
  group?: boolean;
  /** In a group: the marks before. */
  deliveredFrom?: number;
  readFrom?: number;
}

export type GroupRole = "owner" | "admin" | "member";

export interface GroupMember {
  id: string;
  role: GroupRole;
  joinedAt: number;
}

export interface Group {
  id: string;
  name: string;
  description: string;
  /** Storage key of a picture, or "". */
  photo: string;
  owner: string;
  /** The caller's. */
  role: GroupRole;
  /** Counts the changes of the group: the state with the higher version holds. */
  version: number;
  createdAt: number;
  /** The caller has blocked it for himself. */
  blocked: boolean;
  firstSequence: number;
  /** In the order of their joining. */
  members: GroupMember[];
}

export interface GroupSummary {
  id: string;
  name: string;
  description: string;
  photo: string;
  owner: string;
  role: GroupRole;
  memberCount: number;
  version: number;
  blocked: boolean;
}

export interface GroupPage {
  total: number;
  groups: GroupSummary[];
}

export type GroupEventType =
  | "GROUP-CREATED" | "GROUP-DELETED" | "USER-ADDED" | "USER-DELETED" | "USER-ASSIGNED-AS-ADMIN" | "DISMISSED-AS-ADMIN-FROM-GROUP"
  | "USER-LEFT" | "UPDATED-GROUP-INFO" | "GROUP-BLOCKED" | "GROUP-UNBLOCKED";

export interface GroupEvent {
  type: GroupEventType;
  /** The group's id. */
  group: string;
  name: string;
  description: string;
  photo: string;
  /** Whom the change concerns. */
  members: string[];
  /** The owner and the admins afterwards. */
  admins: string[];
  owner: string;
  by: string;
  version: number;
  time: number;
  /** The client that made the change. */
  client?: string;
}

export interface GroupMemberReceipt extends Mark {
  id: string;
  /** He sees what comes after. */
  joinedSequence: number;
}

/** How far the members of a group have got, or who has got one message. */
export interface GroupReceipts {
  conversation: string;
  sequence?: number;
  /** Whom the message could reach: members who see it, without its author. */
  of: number;
  delivered: number;
  read: number;
  members: GroupMemberReceipt[];
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
