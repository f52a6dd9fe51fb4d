// The modern API. The callback API for existing apps is in script.ts.
export { ChatClient } from "./core/ChatClient.js";
export type { ChatClientOptions, SendFileOptions, SendOptions, TokenLogIn, TokenProvider } from "./core/ClientOptions.js";
export { ChatError } from "./base/ChatError.js";
export {
  ConnectionState, type AcceptedMessage, type ChatEvents, type ChatMessage, type FileProgress, type HistoryReset, type MessageChange, type OutgoingMessage,
  type ReceiptChange, type RestoredConversation, type SettingsChanged,
} from "./core/ChatEvents.js";
export type { GroupDraft } from "./api/Api.js";
export type { ContactList } from "./core/ContactList.js";
export { isGroupId, type GroupList } from "./core/GroupList.js";
export type { Conversation } from "./core/Conversation.js";
export type { EditedText, MessageChanges, MessageRef } from "./core/MessageChanges.js";
export type { Preferences } from "./core/Preferences.js";
export type { ScheduledList } from "./core/ScheduledList.js";
export { MessageType } from "./api/MessageType.js";
export { MemoryTextStore, type TextStore } from "./base/TextStore.js";
export type {
  Group, GroupEvent, GroupEventType, GroupMember, GroupMemberPage, GroupMemberReceipt, GroupReceipts, MembersChanged, GroupRole, GroupSummary,
} from "./api/wire/groups.js";
export type { FlagAnswer, FlagReason } from "./api/wire/flags.js";
export type { ChangeKind, ReactionPage, ScheduledMessage, SettingsChange } from "./api/wire/changes.js";
export type {
  ConversationPage, ConversationSettings, ConversationSummary, Mark, MessageEvent, MessageExtras, MessagePage, Place, Quote, Reaction,
  ThreadPage, ThreadSummary,
} from "./api/wire/messages.js";
export type { SearchHit, SearchMark, SearchPage } from "./api/wire/search.js";
export type { Contact, OwnProfile, PresenceEvent, Profile, ProfileEvent, TypingEvent, UserInfo } from "./api/wire/users.js";
