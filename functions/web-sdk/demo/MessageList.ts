import { isGroupId } from "../src/index.js";
import { content, marks, reactionBar } from "./bubble.js";
import { showProgress } from "./attachments.js";
import type { ChatStore } from "./ChatStore.js";
import type { Jump } from "./conversationActions.js";
import { arrange, bdi, h, icon, iconButton } from "./dom.js";
import { day, time } from "./format.js";
import { openReadBy } from "./groupDialogs.js";
import { actionsOf } from "./messageActions.js";
import { onMenu, openMenu } from "./messageMenu.js";
import type { Room } from "./Room.js";
import { Delivery, stateOf, type ShownMessage } from "./Thread.js";
import { ticks } from "./ticks.js";

/** Pixels from the end within which the view follows new messages. */
const NEAR_END = 80;
/** Messages of one side within this time stand together. Milliseconds. */
const TOGETHER = 3 * 60_000;
/** Messages of a page, and the most pages, that are loaded to show a message far back. */
const FAR_PAGE = 200;
const MAX_PAGES = 25;

/** The messages of a conversation or a thread, one below the other. */
export class MessageList {
  readonly element: HTMLElement;
  private readonly nodes = new Map<string, { element: HTMLElement; state: string }>();
  private room?: Room;
  private atEnd = true;

  /** @param root Where menus and dialogs are put. */
  constructor(
    private readonly store: ChatStore,
    private readonly root: () => HTMLElement,
    private readonly notify: (message: string) => void,
    label = "Messages",
  ) {
    const scroller = (this.element = h("div", { class: "messages", tabindex: "0", role: "log", "aria-live": "polite", "aria-label": label }));
    scroller.addEventListener("keydown", (event) => this.moveFocus(event));
    // A picture that has loaded needs more room than before: who was at the end stays there.
    scroller.addEventListener("load", () => this.atEnd && (scroller.scrollTop = scroller.scrollHeight), true);
    scroller.addEventListener("scroll", () => {
      this.atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
      if (this.room && scroller.scrollTop < 120) void this.store.older(this.room);
    }, { passive: true });
  }

  /** Another conversation or thread is shown, or none. */
  change(room: Room | undefined): void {
    this.room = room;
    this.nodes.clear();
    this.element.replaceChildren();
  }

  render(): void {
    const { room } = this;
    if (!room) return;
    const { peer } = room;
    const thread = this.store.messagesIn(room);
    const fromEnd = this.element.scrollHeight - this.element.scrollTop;
    const follows = fromEnd - this.element.clientHeight < NEAR_END;
    const firstBefore = this.element.querySelector<HTMLElement>(".message")?.dataset["id"];
    const lastBefore = this.element.querySelector<HTMLElement>(".message:last-of-type")?.dataset["id"];

    const wanted: HTMLElement[] = [];
    if (thread.error) wanted.push(h("button", { class: "system retry", type: "button", click: () => void this.store.older(room) }, `${thread.error} Try again`));
    else if (thread.loading) wanted.push(this.node("loading", "", () => h("p", { class: "system" }, "Loading …")));
    else if (thread.messages.length === 0) wanted.push(this.node("empty", "", () => h("div", { class: "empty" }, icon("chat", 28), h("strong", {}, "Say hello"), h("span", {}, "Nothing has been said here yet."))));
    let previous: ShownMessage | undefined;
    let divided = false;
    for (const message of thread.messages) {
      const newDay = !previous || day(previous.at) !== day(message.at);
      if (newDay) wanted.push(this.node(`day ${day(message.at)}`, "", () => h("p", { class: "system day" }, day(message.at))));
      if (!divided && !message.mine && (message.sequence ?? 0) > this.store.readBefore) {
        divided = true;
        wanted.push(this.node("unread", "", () => h("p", { class: "system unread" }, "New messages")));
      }
      if (this.store.isHidden(peer, message)) {
        // One line for all that stand together.
        if (newDay || previous?.from !== message.from) wanted.push(this.hidden(peer, message));
        previous = message;
        continue;
      }
      const joined = !newDay && previous?.mine === message.mine && (message.mine || previous.from === message.from) && message.at - previous.at < TOGETHER;
      wanted.push(this.bubble(peer, message, joined));
      previous = message;
    }
    const focused = this.focused;
    arrange(this.element, wanted);
    if (focused) this.refocus(focused);

    const last = thread.messages.at(-1)?.id;
    const isNew = last !== lastBefore;
    const isOwn = isNew && thread.messages.at(-1)?.mine;
    // Older messages came on top. What the user looks at stays in its place.
    if (firstBefore && thread.messages[0]?.id !== firstBefore && !isNew) this.element.scrollTop = this.element.scrollHeight - fromEnd;
    else if (!firstBefore || follows || isOwn) {
      this.element.scrollTop = this.element.scrollHeight;
      this.atEnd = true;
    }
  }

  /** Shows a message of the conversation, or the first one since a time, and loads it before if need be. */
  async jump(to: Parameters<Jump>[0]): Promise<void> {
    const { room } = this;
    if (!room) return;
    const thread = this.store.messagesIn(room);
    const isHere = (): boolean => ("sequence" in to ? !!thread.at(to.sequence) : (thread.accepted[0]?.at ?? Infinity) < to.since);
    for (let tries = 0; !isHere() && !thread.whole && !thread.error && tries < MAX_PAGES; tries++) await this.store.older(room, FAR_PAGE);
    this.render();
    const id = ("sequence" in to ? thread.at(to.sequence) : thread.accepted.find((message) => message.at >= to.since) ?? thread.accepted.at(-1))?.id;
    const element = id && this.room === room ? this.element.querySelector<HTMLElement>(`.message[data-id="${CSS.escape(id)}"]`) : null;
    if (!element) return this.notify("sequence" in to ? "This message is not there any more." : "There is no message of that time.");
    element.scrollIntoView({ block: "sequence" in to ? "center" : "start" });
    element.focus({ preventScroll: true });
    element.classList.remove("found");
    // Read between, so that the animation begins anew.
    void element.offsetWidth;
    element.classList.add("found");
  }

  /** On which message the focus is, and on which of its reactions. */
  private get focused(): { id: string; emoji?: string } | undefined {
    const active = document.activeElement;
    const id = this.element.contains(active) ? active!.closest<HTMLElement>(".message")?.dataset["id"] : undefined;
    return id === undefined ? undefined : { id, emoji: active!.closest<HTMLElement>(".reaction")?.dataset["emoji"] };
  }

  /** A message that has changed is another element now. The focus goes on to it. */
  private refocus({ id, emoji }: { id: string; emoji?: string }): void {
    if (this.element.contains(document.activeElement)) return;
    const message = this.element.querySelector<HTMLElement>(`.message[data-id="${CSS.escape(id)}"]`);
    const reaction = emoji === undefined ? null : message?.querySelector<HTMLElement>(`.reaction[data-emoji="${CSS.escape(emoji)}"]`);
    (reaction ?? message)?.focus({ preventScroll: true });
  }

  /** Arrows go from message to message; Enter opens the menu of one. */
  private moveFocus(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const active = document.activeElement?.closest<HTMLElement>(".message");
    if (!step || (document.activeElement !== this.element && document.activeElement !== active)) return;
    const all = [...this.element.querySelectorAll<HTMLElement>(".message")];
    const next = active ? all[all.indexOf(active) + step] : all.at(-1);
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  private openMenu(message: ShownMessage, anchor: HTMLElement): void {
    const { quick, items } = actionsOf(this.store, this.room!, message, this.root());
    openMenu(this.root(), anchor, "Message", quick, items);
  }

  /** Stands for messages of somebody whom the user has blocked. */
  private hidden(peer: string, { id, from = "" }: ShownMessage): HTMLElement {
    const name = this.store.nameOf(from);
    return this.node(`hidden ${id}`, name, () => h("p", { class: "system hidden-messages" },
      "Hidden, because you have blocked ", bdi(name), ". ",
      h("button", { type: "button", class: "link", click: () => this.store.reveal(peer, from) }, "Show anyway")));
  }

  private bubble(peer: string, message: ShownMessage, joined: boolean): HTMLElement {
    const delivery = message.mine ? this.store.delivery(peer, message) : undefined;
    const { upload } = message;
    const group = isGroupId(peer);
    const author = group && !message.mine && !joined ? this.store.nameOf(message.from ?? "") : "";
    const reach = group && message.mine && message.sequence ? this.store.groups.reach(peer, message.sequence) : undefined;
    const state = `${author} ${reach?.read} ${reach?.of} ${delivery} ${joined} ${!!upload} ${message.type} ${message.thumbnail} ${stateOf(message)}`;
    const element = this.node(message.id, state, () => this.withMenu(message, h("div", { class: `message ${message.mine ? "mine" : "theirs"}${joined ? " joined" : ""}`, "data-id": message.id, tabindex: -1 },
      h("div", { class: "bubble" },
        author && h("span", { class: "author" }, bdi(author)),
        ...content(this.store, message, this.root, (sequence) => void this.jump({ sequence })),
        h("span", { class: "meta" }, ...marks(message), h("time", { datetime: new Date(message.at).toISOString() }, time(message.at)), delivery && ticks(delivery)),
        reach && reach.of > 0 && h("button", {
          type: "button", class: "read-by", click: () => openReadBy(this.store, this.root(), peer, message),
        }, `Read by ${reach.read} of ${reach.of}`)),
      reactionBar(this.store, message),
      delivery === Delivery.Failed && h("p", { class: "failure" }, message.failure!, " ",
        h("button", { type: "button", class: "link", click: () => this.store.retry(this.room!, message) }, "Send again"), " ",
        h("button", { type: "button", class: "link", click: () => this.store.life.forget(this.room!, message) }, "Dismiss")))));
    // Changed in place, so that the cancel button keeps its focus.
    if (upload) showProgress(element, upload);
    return element;
  }

  private withMenu(message: ShownMessage, element: HTMLElement): HTMLElement {
    const more = iconButton("more", "Message actions", () => this.openMenu(message, more), { class: "icon-button message-more", "aria-haspopup": "menu", tabindex: "-1" });
    element.querySelector(".bubble")!.append(more);
    onMenu(element, () => this.openMenu(message, element.querySelector<HTMLElement>(".bubble")!));
    return element;
  }

  /** Keeps the element as long as nothing about it has changed. */
  private node(key: string, state: string, make: () => HTMLElement): HTMLElement {
    const known = this.nodes.get(key);
    if (known?.state === state) return known.element;
    const element = make();
    this.nodes.set(key, { element, state });
    return element;
  }
}
