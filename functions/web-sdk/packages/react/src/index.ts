export { VoxProvider, type VoxProviderProps } from "./VoxProvider.js";
export {
  useConnection, useConversation, useConversations, useMessages, useNames, usePresence, useSend, useTexts, useTyping, useUpload, useUser, useVox,
  type MessagesResult,
} from "./hooks.js";
export { Attachment } from "./Attachment.js";
export { Avatar, type AvatarProps } from "./Avatar.js";
export { Composer, type ComposerProps } from "./Composer.js";
export { ConversationList, type ConversationListProps } from "./ConversationList.js";
export { MessageItem, type MessageItemProps } from "./MessageItem.js";
export { MessageList, type MessageListProps } from "./MessageList.js";
export { Name } from "./Name.js";
export type { ConnectionSnapshot, ConversationsSnapshot, ConversationView } from "./ChatStore.js";
export type { MessagesSnapshot, MessageStatus, MessageView, SendExtras } from "./MessageLog.js";
export { ar, de, en, type Texts } from "./texts.js";
