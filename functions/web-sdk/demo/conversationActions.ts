import type { ChatStore } from "./ChatStore.js";
import { confirmFirst } from "./dialog.js";
import { openDate } from "./dateDialog.js";
import { openPins } from "./lifeDialogs.js";
import type { MenuItem } from "./menu.js";

/** Where to go in a conversation: to a message, or to the first one since a time. */
export type Jump = (to: { sequence: number } | { since: number }) => void;

/** What the user can set for a conversation that has begun. */
export function conversationActions(store: ChatStore, peer: string, root: HTMLElement, jump: Jump): MenuItem[] {
  const { life } = store;
  const conversation = store.conversationWith(peer);
  if (!conversation) return [];
  const { archived = false, favourite = false } = conversation.settings;
  const muted = life.isMuted(peer);
  return [
    { label: "Pinned messages", run: () => openPins(store, root, peer, (sequence) => jump({ sequence })) },
    { label: "Go to a date", run: () => openDate(store, root, (since) => jump({ since })) },
    ...(muted
      ? [{ label: "Unmute", run: () => life.set(peer, { mutedUntil: 0 }) }]
      : [
          { label: "Mute for 8 hours", run: () => life.set(peer, { mutedUntil: store.client.now + 8 * 3_600_000 }) },
          { label: "Mute", run: () => life.set(peer, { mutedUntil: -1 }) },
        ]),
    { label: favourite ? "Remove from favourites" : "Add to favourites", run: () => life.set(peer, { favourite: !favourite }) },
    { label: archived ? "Take out of the archive" : "Archive", run: () => life.set(peer, { archived: !archived }) },
    ...(conversation.last > 0 ? [{
      label: "Mark as unread", run: () => {
        life.set(peer, { unreadFrom: conversation.last });
        store.close();
      },
    }] : []),
    {
      label: "Clear messages", danger: true,
      run: () => confirmFirst(root, "Clear this conversation?", "All messages until now are deleted for you. The others keep them.", "Clear messages", () => life.clear(peer)),
    },
  ];
}

/** What the menu depends on. */
export function settingsState(store: ChatStore, peer: string): string {
  const { archived, favourite } = store.life.settings(peer);
  return JSON.stringify([!!store.conversationWith(peer), archived, favourite, store.life.isMuted(peer)]);
}
