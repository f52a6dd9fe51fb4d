import type { Custom } from "./models.js";

export interface MessageDraft {
  /** The user who sends it. */
  from?: string;
  /** The recipient. Or else `group`. */
  to?: string;
  /** A group, by your own id or its conversation's. */
  group?: string;
  data: string;
  /** 1 text (default), 2 HTML, 3 location, 4 image, 5 video, 6 contact, 7 document. */
  type?: number;
  contentType?: string;
  /** Unique per sender, for ever. Default: made of the idempotency key. */
  id?: string;
  /** False: nobody is told when it was delivered and read. */
  reports?: boolean;
  /** At most 4 KB. Members of the conversation see it. */
  custom?: Custom;
  /** Apps announce it without a sound. */
  silent?: boolean;
  /** Your system says it, and no user. Only in groups. */
  system?: boolean;
  /** True: the sender has read what came before it. A server reads nothing, so the default is false. */
  marksRead?: boolean;
  /** The sequence of the message that it answers, in the same conversation. */
  replyTo?: number;
  /** The sequence of the message whose thread it goes into, in the same conversation. */
  thread?: number;
  /** In a group: ids of the members whom it mentions, at most 50. */
  mentions?: string[];
  /** In a group: it mentions everybody. The sender must be allowed to. */
  mentionsAll?: boolean;
}

export interface SentMessage {
  id: string;
  conversation: string;
  sequence: number;
  /** Unix time in ms. */
  sentAt: number;
  duplicate: boolean;
}

export interface Message {
  id: string;
  conversation: string;
  sequence: number;
  /** Empty for a message of your system. */
  from: string;
  to: string;
  type: number;
  contentType: string;
  data: string;
  /** Unix time in ms. */
  sentAt: number;
  custom?: Custom;
  silent?: boolean;
  /** Your system said it, and no user. */
  system?: boolean;
  /** It was erased or deleted: only its place is left. */
  erased?: boolean;
  group?: boolean;
  /** False when the sender asked for no reports. */
  reports?: boolean;
  /** The key of a small picture of a file. */
  thumbnail?: string;
  /** Of a file, in bytes. */
  size: number;
  /** When the sender's app wrote it, Unix time in ms. */
  clientTime?: number;
  /** The app's own number of the message. */
  clientSequence?: number;
  /** When the recipient received it, Unix time in ms. Not in groups. */
  deliveredAt?: number;
  /** When the recipient read it, Unix time in ms. Not in groups. */
  readAt?: number;
  /** The number of the conversation's last change that touched it. Absent when it was never changed. */
  change?: number;
  /** Unix time in ms. */
  editedAt?: number;
  /** When it was deleted for everyone, Unix time in ms. */
  deletedAt?: number;
  /** Who deleted it. Absent when your server did. */
  deletedBy?: string;
  /** In the order in which the first of each kind came. `users` are the first of those who reacted so, at most five. */
  reactions?: { emoji: string; count: number; users: string[] }[];
  /** Unix time in ms. */
  pinnedAt?: number;
  pinnedBy?: string;
  /** The thread that it is in: the message that it begins with, and its number there, 1, 2, 3, … */
  thread?: { sequence: number; number?: number };
  /** The thread under it. `lastAt` is Unix time in ms; `users` are those who replied first, at most five. */
  replies?: { count: number; lastAt: number; users: string[] };
  /** The message that it answers. `data`: at most 200 characters of a text, the key of a file, or empty when it was deleted since. */
  replyTo?: { sequence: number; from: string; type: number; data: string; thumbnail?: string };
  /** Ids of the users whom it mentions. */
  mentions?: string[];
  mentionsAll?: boolean;
  /** It was copied from another message. */
  forwarded?: boolean;
}

/** A message after an edit or a deletion. */
export interface ChangedMessage {
  conversation: string;
  sequence: number;
  /** False when it was so already, and nobody was told. */
  changed: boolean;
  /** As it is now. */
  message: Message;
}

/** A message as it is now, and the texts that it had before, oldest first. `writtenAt` is Unix time in ms. */
export interface MessageVersions {
  message: Message;
  versions: { data: string; writtenAt: number }[];
}

/** In a group: whom the message mentions from now on. Absent: as before. */
export interface EditOptions {
  mentions?: string[];
  mentionsAll?: boolean;
}

/** For conditional changes: the etag of a message as it is here. */
export const etagOf = (message: Pick<Message, "change">): string => `"${message.change ?? 0}"`;

/** Up to which message a user has received and read, and when, Unix time in ms. */
export interface Marks {
  delivered: number;
  deliveredAt?: number;
  read: number;
  readAt?: number;
}

/** What a user has set for a conversation. */
export interface ConversationSettings {
  conversation: string;
  /** Unix time in ms; -1: for ever. */
  mutedUntil?: number;
  archived?: boolean;
  favourite?: boolean;
  /** They have marked the messages from this one on as unread. */
  unreadFrom?: number;
  /** They have deleted the history up to this message for themselves. */
  clearedThrough?: number;
  /** Of two states the one with the higher version is newer. */
  version: number;
  /** Messages that they have deleted for themselves. */
  hiddenSequences?: number[];
}

/** A conversation, as one of its users sees it. */
export interface Conversation {
  conversation: string;
  /** The other user, or the group's conversation. */
  with: string;
  group?: boolean;
  /** Of a group. */
  name?: string;
  lastSequence: number;
  /** The user sees nothing from before this message. */
  firstSequence?: number;
  /** The number of the last change of a message. */
  lastChange?: number;
  /** How many messages of others the user has not read. */
  unread: number;
  /** How many of them mention the user, at most 100. */
  unreadMentions?: number;
  /** The other user was deleted, or the user has left the group. */
  closed: boolean;
  lastMessage: Message;
  own: Marks;
  /** Of the other user. Absent in a group. */
  other?: Marks;
  settings?: ConversationSettings;
}
