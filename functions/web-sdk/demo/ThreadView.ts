import { ChatError, isGroupId } from "../src/index.js";
import { attachMenu } from "./attachMenu.js";
import { attachment, showProgress, summary } from "./attachments.js";
import { avatar } from "./Avatar.js";
import type { ChatStore } from "./ChatStore.js";
import { arrange, bdi, h, icon, iconButton } from "./dom.js";
import { day, isolated, seen, time } from "./format.js";
import { openGroupInfo, openReadBy } from "./groupDialogs.js";
import { menu, type MenuItem } from "./menu.js";
import { Delivery, type ShownMessage } from "./Thread.js";
import { ticks } from "./ticks.js";

/** Pixels from the end within which the view follows new messages. */
const NEAR_END = 80;
/** Messages of one side within this time stand together. Milliseconds. */
const TOGETHER = 3 * 60_000;

/** The right side: one conversation. */
export class ThreadView {
  readonly element = h("main", { class: "thread" });
  private readonly header = h("header", { class: "thread-head" });
  private readonly back = iconButton("back", "Back to the list", () => this.onBack(), { class: "icon-button back" });
  private readonly who = h("div", { class: "whole" });
  private readonly scroller = h("div", { class: "messages", tabindex: "0", role: "log", "aria-live": "polite", "aria-label": "Messages" });
  private readonly notice = h("p", { class: "notice", role: "status" });
  private readonly composer: HTMLFormElement;
  private readonly field: HTMLTextAreaElement;
  private readonly nodes = new Map<string, { element: HTMLElement; state: string }>();
  private readonly drafts = new Map<string, string>();
  private peer?: string;
  private focusWanted?: string;
  private headState = "";
  private menuState = "";

  constructor(
    private readonly store: ChatStore,
    private readonly onBack: () => void,
  ) {
    this.field = h("textarea", { rows: 1, placeholder: "Message", "aria-label": "Message", maxlength: 4_000, enterkeyhint: "send" });
    this.composer = h("form", { class: "composer", submit: ((event: SubmitEvent) => this.submit(event)) as never },
      attachMenu(store, () => this.peer, () => this.element, (message) => (this.notice.textContent = message)),
      this.field, h("button", { class: "send", type: "submit", "aria-label": "Send", title: "Send" }, icon("send", 20)));
    this.field.addEventListener("input", () => {
      this.grow();
      if (this.peer && this.field.value) this.store.client.typing(isGroupId(this.peer) ? { group: this.peer } : { to: this.peer });
    });
    this.field.addEventListener("keydown", (event) => {
      // While an input method composes, Enter chooses a candidate.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
      if (event.key === "Escape") this.onBack();
    });
    this.scroller.addEventListener("scroll", () => {
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
    this.headState = this.menuState = "";
    this.scroller.replaceChildren();
    this.field.value = (peer && this.drafts.get(peer)) ?? "";
    this.notice.textContent = "";
    this.element.replaceChildren(...(peer ? [this.header, this.scroller, this.notice, this.composer] : []));
    // A hidden field has no height to measure.
    if (peer) this.grow();
  }

  private renderHead(peer: string): void {
    const group = isGroupId(peer) ? this.store.groups.details.get(peer) : undefined;
    const person = this.store.people.get(peer);
    const name = this.store.nameOf(peer);
    const farewell = isGroupId(peer) ? this.store.groups.farewell(peer) : undefined;
    const isGone = farewell !== undefined;
    const isBlocked = this.store.people.blocked.has(peer) || this.store.groups.isBlocked(peer) || isGone;
    const typing = this.store.typingText(peer);
    const line = typing ?? (isGone ? farewell
      : this.store.groups.isBlocked(peer) ? "Blocked"
      : isGroupId(peer) ? group?.members.map((member) => (member.id === this.store.self ? "You" : isolated(this.store.nameOf(member.id)))).join(", ") ?? ""
      : isBlocked ? "Blocked" : person?.online ? person.status || "Online" : seen(person?.lastSeen ?? 0));
    this.composer.classList.toggle("blocked", isBlocked);
    this.field.disabled = isBlocked;
    this.field.placeholder = isGone ? "Nothing can be written here" : isBlocked ? "Unblock to write" : "Message";
    for (const button of this.composer.querySelectorAll("button")) button.disabled = isBlocked;
    const state = JSON.stringify([name, line, person?.online, this.store.photoOf(peer)]);
    if (state !== this.headState) {
      this.headState = state;
      this.who.replaceChildren(
        avatar(peer, name, person?.online, this.store.photoOf(peer)),
        h("div", { class: "who" }, h("h2", {}, bdi(name)), h("span", { class: typing ? "typing-text" : person?.online ? "is-online" : "" }, h("bdi", {}, line))));
    }
    // Apart from the rest, so that an open menu does not vanish because somebody types or comes online.
    const offered = JSON.stringify([peer, isBlocked, isGone, this.store.people.isContact(peer)]);
    if (offered !== this.menuState) {
      this.menuState = offered;
      this.header.replaceChildren(this.back, this.who, ...(isGone ? [] : [menu("Conversation", this.actions(peer, isBlocked))]));
    }
  }

  private actions(peer: string, isBlocked: boolean): MenuItem[] {
    const run = (work: () => Promise<unknown>) => () => void work().catch((error) => (this.notice.textContent = ChatError.of(error).message));
    if (isGroupId(peer)) {
      const info = { label: "Group info", run: () => openGroupInfo(this.store, this.element, peer, () => this.peer === peer && this.onBack()) };
      return isBlocked ? [info, { label: "Unblock group", run: run(() => this.store.groups.act(peer, (groups) => groups.unblock(peer))) }] : [info];
    }
    return [
      this.store.people.isContact(peer)
        ? { label: "Remove from contacts", run: run(() => this.store.people.removeContact(peer)) }
        : { label: "Add to contacts", run: run(() => this.store.people.addContact(peer)) },
      { label: isBlocked ? "Unblock" : "Block", danger: !isBlocked, run: run(() => this.store.people.setBlocked(peer, !isBlocked)) },
    ];
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
    else if (!firstBefore || follows || isOwn) this.scroller.scrollTop = this.scroller.scrollHeight;
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
    const element = this.node(message.id, `${author} ${reach?.read} ${reach?.of} ${delivery} ${joined} ${!!upload} ${message.type} ${message.thumbnail}`, () => h("div", { class: `message ${message.mine ? "mine" : "theirs"}${joined ? " joined" : ""}`, "data-id": message.id },
      h("div", { class: "bubble" },
        author && h("span", { class: "author" }, bdi(author)),
        message.failure && message.type > 3 ? h("span", { class: "text", dir: "auto" }, summary(message.type, message.data))
          : attachment(this.store.client, message, () => this.element) ?? h("span", { class: "text", dir: "auto" }, message.data),
        h("span", { class: "meta" }, h("time", { datetime: new Date(message.at).toISOString() }, time(message.at)), delivery && ticks(delivery)),
        reach && reach.of > 0 && h("button", {
          type: "button", class: "read-by", click: () => openReadBy(this.store, this.element, peer, message),
        }, `Read by ${reach.read} of ${reach.of}`)),
      delivery === Delivery.Failed && h("p", { class: "failure" }, message.failure!, " ",
        h("button", { type: "button", class: "link", click: () => this.store.retry(peer, message) }, "Send again"))));
    // Changed in place, so that the cancel button keeps its focus.
    if (upload) showProgress(element, upload);
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
    if (!text || !this.peer) return;
    this.field.value = "";
    this.grow();
    this.store.send(this.peer, text);
  }

  private grow(): void {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
  }
}
