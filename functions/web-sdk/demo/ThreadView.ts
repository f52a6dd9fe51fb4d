import type { ChatStore } from "./ChatStore.js";
import { Composer } from "./Composer.js";
import { h, icon } from "./dom.js";
import { MessageList } from "./MessageList.js";
import { Room } from "./Room.js";
import { ThreadHead } from "./ThreadHead.js";

/** The right side: one conversation. */
export class ThreadView {
  readonly element = h("main", { class: "thread" });
  private readonly head: ThreadHead;
  private readonly list: MessageList;
  private readonly notice = h("p", { class: "notice", role: "status" });
  private readonly composer: Composer;
  private room?: Room;
  private focusWanted?: string;

  constructor(
    private readonly store: ChatStore,
    onBack: () => void,
  ) {
    const notify = (message: string): void => void (this.notice.textContent = message);
    this.list = new MessageList(store, () => this.element, notify);
    this.head = new ThreadHead(store, () => this.element, onBack, notify, (to) => void this.list.jump(to));
    this.composer = new Composer(store, () => this.element, notify, onBack);
    store.life.onRefused = notify;
  }

  /** Puts the cursor into the field as soon as the conversation is shown. Before that, the field is not there, or is about to be replaced. */
  focusOn(peer: string): void {
    // On a phone it would open the keyboard over what the user wants to read.
    if (!matchMedia("(pointer: coarse)").matches) this.focusWanted = peer;
  }

  render(): void {
    const peer = this.store.selected;
    if (peer !== this.room?.peer) this.change(peer);
    if (!peer) {
      if (!this.element.querySelector(".welcome")) this.element.replaceChildren(this.welcome());
      return;
    }
    const { isGone, isBlocked } = this.head.render(peer);
    this.list.render();
    this.composer.render(isBlocked, isGone ? "Nothing can be written here" : isBlocked ? "Unblock to write" : "Message");
    if (this.focusWanted === peer) this.focus();
  }

  private focus(): void {
    this.focusWanted = undefined;
    // If the user has moved the focus meanwhile, it stays there.
    const active = document.activeElement;
    const elsewhere = active !== null && active !== document.body && !this.element.closest(".pane")?.contains(active);
    if (!elsewhere && !document.querySelector("dialog[open]")) this.composer.field.focus();
  }

  private change(peer: string | undefined): void {
    this.room = peer === undefined ? undefined : new Room(peer);
    this.composer.change(this.room);
    this.head.forget();
    this.list.change(this.room);
    this.notice.textContent = "";
    this.element.replaceChildren(...(peer ? [this.head.element, this.list.element, this.notice, this.composer.bar.element, this.composer.element] : []));
    // A hidden field has no height to measure.
    if (peer) this.composer.grow();
  }

  private welcome(): HTMLElement {
    return h("div", { class: "welcome empty" }, icon("chat", 40), h("strong", {}, "Your messages"), h("span", {}, "Choose a conversation, or write to somebody new."));
  }
}
