import { isGroupId, MessageType } from "../src/index.js";
import { summary } from "./attachments.js";
import type { ChatStore } from "./ChatStore.js";
import { confirmFirst } from "./dialog.js";
import { openForward, openReactions } from "./lifeDialogs.js";
import type { MenuItem } from "./menu.js";
import { MORE } from "./messageMenu.js";
import { openReport } from "./reportDialog.js";
import type { Room } from "./Room.js";
import type { ShownMessage } from "./Thread.js";

const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** What can be done with a message. What the server would refuse is not offered, as far as that is known here. */
export function actionsOf(store: ChatStore, room: Room, message: ShownMessage, root: HTMLElement): { quick: MenuItem[]; items: MenuItem[] } {
  const { life } = store;
  const { peer } = room;
  const { event, mine, failure } = message;
  const isThere = message.sequence !== undefined;
  const isDeleted = !!event?.deletedAt;
  // In a group, those who lead it pin, and delete what others have written.
  const role = isGroupId(peer) ? store.groups.details.get(peer)?.role : undefined;
  const leads = role === "owner" || role === "admin";
  const isText = message.type === MessageType.Text || message.type === MessageType.Html;
  const quick = event && !isDeleted
    ? [...QUICK.map((emoji) => ({ label: emoji, run: () => life.react(message, emoji) })), { label: MORE, run: () => openReactions(store, root, message) }]
    : [];
  const items: (MenuItem | false)[] = [
    isThere && !isDeleted && { label: "Reply", run: () => life.compose(room, { kind: "reply", message }) },
    mine && isText && !isDeleted && !failure && !event?.forwarded && { label: "Edit", run: () => life.compose(room, { kind: "edit", message }) },
    isText && !isDeleted && { label: "Copy", run: () => void navigator.clipboard?.writeText(message.rewritten ?? message.data).catch(() => {}) },
    !!event && !isDeleted && { label: "Forward", run: () => openForward(store, root, message) },
    !!event && !isDeleted && (leads || !isGroupId(peer)) && (event.pinnedAt
      ? { label: "Unpin", run: () => life.pin(message, false) }
      : { label: "Pin", run: () => life.pin(message, true) }),
    !!event && !mine && !isDeleted && !event.system && { label: "Report", run: () => openReport(store, root, message) },
    { label: "Delete for me", danger: true, run: () => confirmFirst(root, "Delete for you?", deleting(message, "You will not see this message any more. The others keep it."), "Delete for me", () => life.delete(room, message, false)) },
    (mine || leads) && !isDeleted && !failure && {
      label: "Delete for everyone", danger: true,
      run: () => confirmFirst(root, "Delete for everyone?", deleting(message, "Nobody will see this message any more."), "Delete for everyone", () => life.delete(room, message, true)),
    },
  ];
  return { quick, items: items.filter((item) => item !== false) };
}

function deleting(message: ShownMessage, text: string): string {
  const what = summary(message.type, message.data).slice(0, 60);
  return what ? `“${what}” ${text}` : text;
}
