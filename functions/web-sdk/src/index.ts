// The modern API. The callback API for existing apps is in script.ts.
export { ChatClient } from "./core/ChatClient.js";
export type { ChatClientOptions, SendFileOptions, SendOptions } from "./core/ClientOptions.js";
export { ChatError } from "./core/ChatError.js";
export {
  ConnectionState, type AcceptedMessage, type ChatEvents, type ChatMessage, type FileProgress, type OutgoingMessage, type ReceiptChange,
} from "./core/ChatEvents.js";
export type { GroupDraft } from "./core/Api.js";
export type { ContactList } from "./core/ContactList.js";
export { isGroupId, type GroupList } from "./core/GroupList.js";
export type { Conversation } from "./core/Conversation.js";
export { MessageType } from "./core/MessageType.js";
export { MemoryTextStore, type TextStore } from "./outbox/TextStore.js";
export type {
  Group, GroupEvent, GroupEventType, GroupMember, GroupMemberReceipt, GroupReceipts, GroupRole, GroupSummary,
} from "./core/wire/groups.js";
export type { ConversationPage, ConversationSummary, Mark, MessageEvent, MessagePage } from "./core/wire/messages.js";
export type { Contact, OwnProfile, PresenceEvent, Profile, ProfileEvent, TypingEvent, UserInfo } from "./core/wire/users.js";
