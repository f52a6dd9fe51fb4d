import { isGroupId } from "../src/index.js";
import { attachMenu } from "./attachMenu.js";
import { showProgress } from "./attachments.js";
import { content, marks, reactionBar } from "./bubble.js";
import type { ChatStore } from "./ChatStore.js";
import { ComposeBar, MOST } from "./ComposeBar.js";
import { arrange, bdi, h, icon, iconButton } from "./dom.js";
import { day, time } from "./format.js";
import { openReadBy } from "./groupDialogs.js";
import { MentionList } from "./MentionList.js";
import { actionsOf } from "./messageActions.js";
import { onMenu, openMenu } from "./messageMenu.js";
import { ThreadHead } from "./ThreadHead.js";
import { Delivery, stateOf, type ShownMessage } from "./Thread.js";
import { ticks } from "./ticks.js";

/** Pixels from the end within which the view follows new messages. */
const NEAR_END = 80;
/** Messages of one side within this time stand together. Milliseconds. */
const TOGETHER = 3 * 60_000;
/** So many pages are loaded, at most, to show a message that was answered or pinned. */
const MAX_PAGES = 25;

/** The right side: one conversation. */
export class ThreadView {
  readonly element = h("main", { class: "thread" });
  private readonly head: ThreadHead;
  private readonly scroller = h("div", { class: "messages", tabindex: "0", role: "log", "aria-live": "polite", "aria-label": "Messages" });
  private readonly notice = h("p", { class: "notice", role: "status" });
  private readonly composer: HTMLFormElement;
  private readonly field: HTMLTextAreaElement;
  private readonly bar: ComposeBar;
  private readonly mentions: MentionList;
  private composing = "";
  private readonly nodes = new Map<string, { element: HTMLElement; state: string }>();
  private readonly drafts = new Map<string, string>();
  private peer?: string;
  private atEnd = true;
  private focusWanted?: string;

  constructor(
    private readonly store: ChatStore,
    private readonly onBack: () => void,
  ) {
    this.field = h("textarea", { rows: 1, placeholder: "Message", "aria-label": "Message", enterkeyhint: "send" });
    this.head = new ThreadHead(store, () => this.element, onBack, (message) => (this.notice.textContent = message), (peer, sequence) => void this.jump(peer, sequence));
    this.bar = new ComposeBar(store, () => this.peer && store.life.compose(this.peer, undefined));
    this.mentions = new MentionList(store, this.field, () => this.peer);
    store.life.onRefused = (message) => (this.notice.textContent = message);
    this.composer = h("form", { class: "composer", submit: ((event: SubmitEvent) => this.submit(event)) as never },
      attachMenu(store, () => this.peer, () => this.element, (message) => (this.notice.textContent = message), this.field),
      h("div", { class: "field" }, this.mentions.element, this.field, this.bar.counter), h("button", { class: "send", type: "submit", "aria-label": "Send", title: "Send" }, icon("send", 20)));
    this.field.addEventListener("input", () => {
      this.grow();
      this.notice.textContent = "";
      if (this.peer && this.field.value) this.store.client.typing(isGroupId(this.peer) ? { group: this.peer } : { to: this.peer });
    });
    this.field.addEventListener("keydown", (event) => {
      if (this.mentions.key(event)) return;
      // While an input method composes, Enter chooses a candidate.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
      if (event.key === "Escape") this.leave();
      if (event.key === "ArrowUp" && !this.field.value) this.editLast(event);
    });
    this.scroller.addEventListener("keydown", (event) => this.moveFocus(event));
    // A picture that has loaded needs more room than before: who was at the end stays there.
    this.scroller.addEventListener("load", () => this.atEnd && (this.scroller.scrollTop = this.scroller.scrollHeight), true);
    this.scroller.addEventListener("scroll", () => {
      this.atEnd = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_END;
      if (this.peer && this.scroller.scrollTop < 120) void this.store.older(this.peer);
    }, { passive: true });
  }

  /** Puts the cursor into the field as soon as the conversation is shown. Before that, the field is not there, or is about to be replaced. */
  focusOn(peer: string): void {
    // On a phone it would open the keyboard over what the user wants to read.
    if (!matchMedia("(pointer: coarse)").matches) this.focusWanted = peer;
  }

  render(): void {
    const peer = this.store.selected;
    if (peer !== this.peer) this.change(peer);
    if (!peer) {
      if (!this.element.querySelector(".welcome")) this.element.replaceChildren(this.welcome());
      return;
    }
    this.renderHead(peer);
    this.renderMessages(peer);
    this.renderComposing(peer);
    if (this.focusWanted === peer) this.focus();
  }

  private focus(): void {
    this.focusWanted = undefined;
    // If the user has moved the focus meanwhile, it stays there.
    const active = document.activeElement;
    const elsewhere = active !== null && active !== document.body && !this.element.closest(".pane")?.contains(active);
    if (!elsewhere && !document.querySelector("dialog[open]")) this.field.focus();
  }

  private change(peer: string | undefined): void {
    if (this.peer) this.drafts.set(this.peer, this.field.value);
    this.peer = peer;
    this.nodes.clear();
    this.head.forget();
    this.scroller.replaceChildren();
    this.field.value = (peer && this.drafts.get(peer)) ?? "";
    this.notice.textContent = "";
    this.composing = "";
    this.element.replaceChildren(...(peer ? [this.head.element, this.scroller, this.notice, this.bar.element, this.composer] : []));
    // A hidden field has no height to measure.
    if (peer) this.grow();
  }

  private renderHead(peer: string): void {
    const { isGone, isBlocked } = this.head.render(peer);
    this.composer.classList.toggle("blocked", isBlocked);
    this.field.disabled = isBlocked;
    this.field.placeholder = isGone ? "Nothing can be written here" : isBlocked ? "Unblock to write" : "Message";
    for (const button of this.composer.querySelectorAll("button")) button.disabled = isBlocked;
  }

  private renderMessages(peer: string): void {
    const thread = this.store.thread(peer);
    const fromEnd = this.scroller.scrollHeight - this.scroller.scrollTop;
    const follows = fromEnd - this.scroller.clientHeight < NEAR_END;
    const firstBefore = this.scroller.querySelector<HTMLElement>(".message")?.dataset["id"];
    const lastBefore = this.scroller.querySelector<HTMLElement>(".message:last-of-type")?.dataset["id"];

    const wanted: HTMLElement[] = [];
    if (thread.error) wanted.push(h("button", { class: "system retry", type: "button", click: () => void this.store.older(peer) }, `${thread.error} Try again`));
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
    arrange(this.scroller, wanted);

    const last = thread.messages.at(-1)?.id;
    const isNew = last !== lastBefore;
    const isOwn = isNew && thread.messages.at(-1)?.mine;
    // Older messages came on top. What the user looks at stays in its place.
    if (firstBefore && thread.messages[0]?.id !== firstBefore && !isNew) this.scroller.scrollTop = this.scroller.scrollHeight - fromEnd;
    else if (!firstBefore || follows || isOwn) {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      this.atEnd = true;
    }
  }

  /** Begins to answer or to edit, or ends it. */
  private renderComposing(peer: string): void {
    this.bar.render(peer);
    const composing = this.store.life.composingIn(peer);
    const state = composing ? `${composing.kind} ${composing.message.id}` : "";
    if (state === this.composing) return;
    if (composing?.kind === "edit") this.field.value = composing.message.rewritten ?? composing.message.data;
    else if (this.composing.startsWith("edit")) this.field.value = "";
    this.composing = state;
    this.grow();
    if (composing) this.field.focus();
  }

  /** Escape ends what was begun first. */
  private leave(): void {
    if (this.peer && this.store.life.composingIn(this.peer)) this.store.life.compose(this.peer, undefined);
    else this.onBack();
  }

  private editLast(event: KeyboardEvent): void {
    const message = this.peer && this.store.thread(this.peer).messages.findLast((m) => m.mine && m.type <= 2 && !m.failure && !m.event?.deletedAt && !m.event?.forwarded);
    if (!message || this.store.life.composingIn(this.peer!)) return;
    event.preventDefault();
    this.store.life.compose(this.peer!, { kind: "edit", message });
  }

  /** Shows a message of the conversation, and loads it before if need be. */
  private async jump(peer: string, sequence: number): Promise<void> {
    const thread = this.store.thread(peer);
    for (let tries = 0; !thread.at(sequence) && !thread.whole && tries < MAX_PAGES; tries++) await this.store.older(peer);
    this.render();
    const id = thread.at(sequence)?.id;
    const element = id && this.peer === peer ? this.scroller.querySelector<HTMLElement>(`.message[data-id="${CSS.escape(id)}"]`) : null;
    if (!element) return void (this.notice.textContent = "This message is not there any more.");
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
    element.classList.remove("found");
    // Read between, so that the animation begins anew.
    void element.offsetWidth;
    element.classList.add("found");
  }

  /** Arrows go from message to message; Enter opens the menu of one. */
  private moveFocus(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const active = document.activeElement?.closest<HTMLElement>(".message");
    if (!step || (document.activeElement !== this.scroller && document.activeElement !== active)) return;
    const all = [...this.scroller.querySelectorAll<HTMLElement>(".message")];
    const next = active ? all[all.indexOf(active) + step] : all.at(-1);
    if (!next) return;
    event.preventDefault();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  private openMenu(peer: string, message: ShownMessage, anchor: HTMLElement): void {
    const { quick, items } = actionsOf(this.store, peer, message, this.element);
    openMenu(this.element, anchor, "Message", quick, items);
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
    const element = this.node(message.id, state, () => this.withMenu(peer, message, h("div", { class: `message ${message.mine ? "mine" : "theirs"}${joined ? " joined" : ""}`, "data-id": message.id, tabindex: -1 },
      h("div", { class: "bubble" },
        author && h("span", { class: "author" }, bdi(author)),
        ...content(this.store, message, () => this.element, (sequence) => void this.jump(peer, sequence)),
        h("span", { class: "meta" }, ...marks(message), h("time", { datetime: new Date(message.at).toISOString() }, time(message.at)), delivery && ticks(delivery)),
        reach && reach.of > 0 && h("button", {
          type: "button", class: "read-by", click: () => openReadBy(this.store, this.element, peer, message),
        }, `Read by ${reach.read} of ${reach.of}`)),
      reactionBar(this.store, message),
      delivery === Delivery.Failed && h("p", { class: "failure" }, message.failure!, " ",
        h("button", { type: "button", class: "link", click: () => this.store.retry(peer, message) }, "Send again"), " ",
        h("button", { type: "button", class: "link", click: () => this.store.life.forget(peer, message) }, "Dismiss")))));
    // Changed in place, so that the cancel button keeps its focus.
    if (upload) showProgress(element, upload);
    return element;
  }

  private withMenu(peer: string, message: ShownMessage, element: HTMLElement): HTMLElement {
    const more = iconButton("more", "Message actions", () => this.openMenu(peer, message, more), { class: "icon-button message-more", "aria-haspopup": "menu", tabindex: "-1" });
    element.querySelector(".bubble")!.append(more);
    onMenu(element, () => this.openMenu(peer, message, element.querySelector<HTMLElement>(".bubble")!));
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

  private welcome(): HTMLElement {
    return h("div", { class: "welcome empty" }, icon("chat", 40), h("strong", {}, "Your messages"), h("span", {}, "Choose a conversation, or write to somebody new."));
  }

  private submit(event: Event): void {
    event.preventDefault();
    const text = this.field.value.trim();
    const { peer } = this;
    if (!text || !peer) return;
    if (!this.bar.count(text.length)) return void (this.notice.textContent = `A message has at most ${MOST.toLocaleString()} characters.`);
    const composing = this.store.life.composingIn(peer);
    this.field.value = "";
    this.grow();
    if (composing?.kind === "edit") this.store.life.edit(peer, composing.message, text);
    else {
      const replyTo = composing?.message.sequence;
      this.store.send(peer, text, 1, { ...this.store.life.mentionsIn(peer, text), ...(replyTo ? { replyTo } : {}) });
    }
    if (composing) this.store.life.compose(peer, undefined);
  }

  private grow(): void {
    this.bar.count(this.field.value.trim().length);
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
  }
}
