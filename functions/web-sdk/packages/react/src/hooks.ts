import { useCallback, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import { isGroupId, type ChatClient, type UserInfo } from "@voxfunctions/chat";
import { VoxContext, type VoxContextValue } from "./context.js";
import type { ChatStore, ConnectionSnapshot, ConversationsSnapshot, ConversationView } from "./ChatStore.js";
import type { MessagesSnapshot, SendExtras } from "./MessageLog.js";
import type { Texts } from "./texts.js";

function useStore(): ChatStore {
  return useVoxContext().store;
}

function useVoxContext(): VoxContextValue {
  const context = useContext(VoxContext);
  if (!context) throw new Error("A component of @voxfunctions/react is outside of <VoxProvider>.");
  return context;
}

/** The client of the nearest `<VoxProvider>`. */
export function useVox(): ChatClient {
  return useStore().client;
}

/** The texts of the components, the language for dates and numbers, and its direction. */
export function useTexts(): { texts: Texts; locale: string; dir: "ltr" | "rtl" } {
  const { texts, locale, dir } = useVoxContext();
  return { texts, locale, dir };
}

/** Whether the user is logged in, and whether the live connection is up. */
export function useConnection(): ConnectionSnapshot {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.connectionSnapshot, store.connectionSnapshot);
}

/** All conversations of the user. */
export function useConversations(): ConversationsSnapshot {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.conversationsSnapshot, store.conversationsSnapshot);
}

/** One conversation; undefined until somebody has written there. */
export function useConversation(peer: string): ConversationView | undefined {
  return useConversations().conversations.find((conversation) => conversation.peer === peer);
}

export interface MessagesResult extends MessagesSnapshot {
  /** Loads the next older page. */
  loadMore(): void;
  /** Marks what is there as read. Default: all. Call it when the user sees it. */
  markRead(sequence?: number): void;
  /** Sends a failed message once more. */
  retry(id: string): void;
  /** Takes a failed message off the screen, or gives up a file that is on its way. */
  dismiss(id: string): void;
}

/** The messages of a conversation. @param peer A login id or a group's id. */
export function useMessages(peer: string): MessagesResult {
  const store = useStore();
  useEffect(() => store.show(peer), [store, peer]);
  const get = useCallback(() => store.messages(peer).current, [store, peer]);
  const snapshot = useSyncExternalStore(store.subscribe, get, get);
  const actions = useMemo(() => ({
    loadMore: () => void store.messages(peer).loadMore(),
    markRead: (sequence?: number) => {
      const log = store.messages(peer);
      const { conversation } = log;
      const upTo = sequence ?? log.lastOfOthers;
      const isNews = conversation && (upTo > conversation.own.read || conversation.settings.unreadFrom !== undefined);
      if (isNews) void store.client.markRead(conversation.id, upTo).catch(() => {});
    },
    retry: (id: string) => store.messages(peer).retry(id),
    dismiss: (id: string) => store.messages(peer).dismiss(id),
  }), [store, peer]);
  return useMemo(() => ({ ...snapshot, ...actions }), [snapshot, actions]);
}

/** Sends texts to a conversation. They are shown at once, and sent as soon as possible. */
export function useSend(peer: string): (text: string, extras?: SendExtras) => void {
  const store = useStore();
  return useCallback((text, extras) => store.messages(peer).send(text, extras), [store, peer]);
}

/** Sends files to a conversation. `useMessages` shows how far they are. */
export function useUpload(peer: string): (file: Blob, name?: string) => void {
  const store = useStore();
  return useCallback((file, name) => store.messages(peer).sendFile(file, name), [store, peer]);
}

/** What is known of a user: name, photo, presence, status. Undefined until it is there, and for ids of nobody. */
export function useUser(id: string): UserInfo | undefined {
  const store = useStore();
  const { loginId } = useConnection();
  useEffect(() => store.ask([id]), [store, id, loginId]);
  const get = useCallback(() => store.user(id), [store, id]);
  return useSyncExternalStore(store.subscribe, get, get);
}

/** The names of users, as `useUser` knows them; an id where it does not know. */
export function useNames(ids: readonly string[]): readonly string[] {
  const store = useStore();
  const { loginId } = useConnection();
  useEffect(() => store.ask(ids), [store, ids, loginId]);
  const get = useCallback(() => ids.map((id) => store.user(id)?.displayName || id).join("\n"), [store, ids]);
  const names = useSyncExternalStore(store.subscribe, get, get);
  return useMemo(() => (names ? names.split("\n") : []), [names]);
}

/** Whether a user is online, and since when, or until when they were. Unix ms; 0: never. Kept up to date for contacts. */
export function usePresence(id: string): { online: boolean; lastSeen: number } | undefined {
  const user = useUser(id);
  return useMemo(() => user && { online: user.online, lastSeen: user.lastSeen }, [user]);
}

/** Who is typing in a conversation. Call `notify` with every key: it limits itself. */
export function useTyping(peer: string): { typists: readonly string[]; notify(): void } {
  const store = useStore();
  const get = useCallback(() => store.typistsIn(peer), [store, peer]);
  const typists = useSyncExternalStore(store.subscribe, get, get);
  const notify = useCallback(() => store.client.typing(isGroupId(peer) ? { group: peer } : { to: peer }), [store, peer]);
  return { typists, notify };
}


