import type { ChangeKind } from "../api/wire/changes.js";
import type { GroupEvent } from "../api/wire/groups.js";
import type { ConversationSettings, MessageEvent } from "../api/wire/messages.js";
import type { PresenceEvent, ProfileEvent, TypingEvent } from "../api/wire/users.js";
import type { ChatError } from "../base/ChatError.js";

export enum ConnectionState {
  LoggedOut = "loggedOut",
  Connecting = "connecting",
  Online = "online",
  Offline = "offline",
}

export interface ChatMessage extends MessageEvent {
  /** The conversation's other side: a login id or a group id. */
  with: string;
  group: boolean;
  /** Sent by this user, from here or from another device. */
  mine: boolean;
  /** Sent by this very client. */
  local: boolean;
  /** Written by somebody whom this user has blocked: not to be shown, unless the user asks for it. */
  hidden: boolean;
}

export interface OutgoingMessage {
  id: string;
  to: string;
  data: string;
  type: number;
  contentType?: string;
  /** Unix ms, corrected to the server's clock. */
  sentTime: number;
  clientSequence: number;
}

export interface AcceptedMessage extends OutgoingMessage {
  conversation: string;
  sequence: number;
  sentAt: number;
}

export interface ReceiptChange {
  conversation: string;
  with: string;
  group: boolean;
  /** The login id of the user who has received or read. */
  by: string;
  /** True when it was this user, here or on another device. */
  mine: boolean;
  delivered: number;
  deliveredAt: number;
  read: number;
  readAt: number;
  /** Ids of own messages that became delivered, and read, by this; oldest first. */
  deliveredIds: string[];
  readIds: string[];
}

/** Messages that the server has lost. */
export interface RestoredConversation {
  conversation: string;
  with: string;
  group: boolean;
  /** The last message that the server still has. */
  lastSequence: number;
}

/** A message that was told, or was there before, is different now. */
export interface MessageChange {
  conversation: string;
  with: string;
  group: boolean;
  /** As it is now. */
  message: ChatMessage;
  /** What has happened, who did it, and when. Absent when it happened while this client was away: then it may be several things. */
  kind?: ChangeKind;
  by?: string;
  at?: number;
}

export interface SettingsChanged {
  conversation: string;
  with: string;
  group: boolean;
  settings: ConversationSettings;
  /** Messages that the user has just deleted for themself: take them off the screen. */
  hiddenSequences?: number[];
}

/** What was shown of a conversation may be out of date. */
export interface HistoryReset {
  conversation: string;
  with: string;
  group: boolean;
}

/** A file on its way to the storage. */
export interface FileProgress {
  id: string;
  to: string;
  key: string;
  loaded: number;
  total: number;
}

/** The events of a {@link ChatClient}. */
export interface ChatEvents {
  /** A message, own ones included: each once, without gaps, in the order of its conversation. */
  message: ChatMessage;
  /** The server has accepted a message of this client, perhaps one written before a reload. */
  sent: AcceptedMessage;
  /** The server has refused a message of this client for good. */
  failed: { message: OutgoingMessage; error: ChatError };
  /** A file that this client is sending, perhaps one that an earlier page began. */
  fileProgress: FileProgress;
  receipt: ReceiptChange;
  /** A message was edited, deleted for everyone, pinned, or its reactions have changed; also by this client. */
  change: MessageChange;
  /** A change by this client that the server has refused for good, perhaps one from before a reload. */
  changeFailed: { id: string; error: ChatError };
  /** What this user has set for a conversation is different now; also when this client did it. */
  settings: SettingsChanged;
  /** So much has changed while this client was away that the pages which are shown have to be loaded again. */
  historyReset: HistoryReset;
  /**
   * The server was restored from a backup that is older than what is shown here: it has lost the messages after `lastSequence`. Take them off
   * the screen. Other messages will have their sequences. The app may send its own again, with the same ids.
   */
  restored: RestoredConversation;
  typing: TypingEvent;
  /** A group of this user, its members or their roles have changed, by somebody else or on another device of this user. */
  group: GroupEvent;
  presence: PresenceEvent;
  profile: ProfileEvent;
  /** A contact became a user. */
  joined: { user: string };
  state: ConnectionState;
  /** Everything that was missed has been fetched; after the log-in and after every reconnect. */
  synchronized: void;
  /** The tokens were renewed: here is the new refresh token, for apps that keep it. */
  renewed: { refreshToken: string };
  /**
   * The server has ended the session: log in again. Unsent messages wait for that. But after a logout everywhere (`reason`
   * "logged_out_everywhere") they are dropped, because it counts as a logout here too.
   */
  sessionEnded: ChatError;
  /** There is no room to write unsent messages down: they are sent, but would not survive a reload. */
  storageFull: void;
}
