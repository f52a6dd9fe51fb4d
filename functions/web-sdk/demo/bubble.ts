import { MessageType } from "../src/index.js";
import { attachment, summary } from "./attachments.js";
import type { ChatStore } from "./ChatStore.js";
import { bdi, h, icon } from "./dom.js";
import { isolated, time } from "./format.js";
import { richText } from "./richText.js";
import type { ShownMessage } from "./Thread.js";

/** What stands in a bubble above the time: the quoted message, and the text or file, or that it was deleted. */
export function content(store: ChatStore, message: ShownMessage, root: () => HTMLElement, jump: (sequence: number) => void): (Node | false)[] {
  const { event, quote, failure, type } = message;
  if (event?.deletedAt) {
    const by = event.deletedBy === store.self ? "You have deleted this message" : "This message was deleted";
    return [h("span", { class: "text deleted" }, by)];
  }
  const text = message.rewritten ?? message.data;
  const mentions = [...(event ?? message.extras)?.mentions ?? [], ...((event ?? message.extras)?.mentionsAll ? ["all"] : [])];
  return [
    !!(event?.forwarded || message.extras?.forward) && h("span", { class: "forwarded" }, icon("forward", 13), "Forwarded"),
    !!quote && h("button", { type: "button", class: "quote", title: "Show the message that was answered", click: () => jump(quote.sequence) },
      h("strong", {}, bdi(quote.from === store.self ? "You" : store.nameOf(quote.from))), h("span", { dir: "auto" }, summary(quote.type, quote.data) || "(deleted)")),
    failure && type > MessageType.Location ? h("span", { class: "text", dir: "auto" }, summary(type, text))
      : attachment(store.client, message, root) ?? h("span", { class: "text", dir: "auto" }, ...richText(text, mentions, (id) => store.nameOf(id), store.self)),
  ];
}

/** What stands beside the time. */
export function marks({ event, rewritten }: ShownMessage): (Node | false)[] {
  if (event?.deletedAt) return [];
  return [
    !!event?.pinnedAt && h("span", { class: "pinned", role: "img", "aria-label": "Pinned", title: "Pinned" }, icon("tack", 13)),
    (!!event?.editedAt || rewritten !== undefined) && h("span", { class: "edited", title: event?.editedAt ? `Edited at ${time(event.editedAt)}` : "" }, "edited"),
  ];
}

/** The reactions below a bubble. A press adds one's own, or takes it back. */
export function reactionBar(store: ChatStore, message: ShownMessage): HTMLElement | undefined {
  const { reactions } = message.event ?? {};
  if (!reactions?.length) return undefined;
  return h("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, ...reactions.map(({ emoji, count, users, mine }) => {
    const names = users.map((id) => (id === store.self ? "You" : isolated(store.nameOf(id)))).join(", ");
    const all = count > users.length ? `${names} and ${count - users.length} more` : names;
    return h("button", {
      type: "button", class: "reaction", "data-emoji": emoji, "aria-pressed": String(mine === true), title: all,
      click: () => store.life.react(message, emoji),
    }, emoji, " ", h("span", {}, String(count)));
  }));
}
