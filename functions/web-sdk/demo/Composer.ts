import { isGroupId } from "../src/index.js";
import { attachMenu } from "./attachMenu.js";
import type { ChatStore } from "./ChatStore.js";
import { ComposeBar, MOST } from "./ComposeBar.js";
import { h, icon } from "./dom.js";
import { MentionList } from "./MentionList.js";
import type { Room } from "./Room.js";

/** The field below the messages, and what stands above it while a message is answered or edited. */
export class Composer {
  readonly element: HTMLFormElement;
  readonly field: HTMLTextAreaElement;
  readonly bar: ComposeBar;
  private readonly mentions: MentionList;
  private readonly drafts = new Map<string, string>();
  private composing = "";
  private room?: Room;

  /**
   * @param root Where dialogs are put.
   * @param extrasOf What goes with each message besides.
   */
  constructor(
    private readonly store: ChatStore,
    root: () => HTMLElement,
    private readonly notify: (message: string) => void,
    private readonly onLeave: () => void,
    label = "Message",
    private readonly extrasOf: () => { alsoInConversation?: boolean } = () => ({}),
  ) {
    this.field = h("textarea", { rows: 1, placeholder: label, "aria-label": label, enterkeyhint: "send" });
    this.bar = new ComposeBar(store, () => this.room && store.life.compose(this.room, undefined));
    this.mentions = new MentionList(store, this.field, () => this.room?.peer);
    this.element = h("form", { class: "composer", submit: ((event: SubmitEvent) => this.submit(event)) as never },
      attachMenu(store, () => this.room, root, notify, this.field),
      h("div", { class: "field" }, this.mentions.element, this.field, this.bar.counter),
      h("button", { class: "send", type: "submit", "aria-label": "Send", title: "Send" }, icon("send", 20)));
    this.field.addEventListener("input", () => {
      this.grow();
      this.notify("");
      const peer = this.room?.peer;
      if (peer && this.field.value) this.store.client.typing(isGroupId(peer) ? { group: peer } : { to: peer });
    });
    this.field.addEventListener("keydown", (event) => {
      if (this.mentions.key(event)) return;
      // While an input method composes, Enter chooses a candidate.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit(event);
      if (event.key === "Escape") this.leave();
      if (event.key === "ArrowUp" && !this.field.value) this.editLast(event);
    });
  }

  /** Another conversation or thread is shown, or none. What was begun there stays. */
  change(room: Room | undefined): void {
    if (this.room) this.drafts.set(this.room.key, this.field.value);
    this.room = room;
    this.field.value = (room && this.drafts.get(room.key)) ?? "";
    this.composing = "";
  }

  /** @param placeholder What the field says when it is empty. */
  render(isBlocked: boolean, placeholder: string): void {
    this.element.classList.toggle("blocked", isBlocked);
    this.field.disabled = isBlocked;
    this.field.placeholder = placeholder;
    for (const button of this.element.querySelectorAll("button")) button.disabled = isBlocked;
    if (this.room) this.renderComposing(this.room);
  }

  grow(): void {
    this.bar.count(this.field.value.trim().length);
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 160)}px`;
  }

  /** Begins to answer or to edit, or ends it. */
  private renderComposing(room: Room): void {
    this.bar.render(room);
    const composing = this.store.life.composingIn(room);
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
    if (this.room && this.store.life.composingIn(this.room)) this.store.life.compose(this.room, undefined);
    else this.onLeave();
  }

  private editLast(event: KeyboardEvent): void {
    const { room } = this;
    const message = room && this.store.messagesIn(room).messages
      .findLast((m) => m.mine && m.type <= 2 && !m.failure && !m.event?.deletedAt && !m.event?.forwarded);
    if (!message || this.store.life.composingIn(room)) return;
    event.preventDefault();
    this.store.life.compose(room, { kind: "edit", message });
  }

  private submit(event: Event): void {
    event.preventDefault();
    const text = this.field.value.trim();
    const { room } = this;
    if (!text || !room) return;
    if (!this.bar.count(text.length)) return this.notify(`A message has at most ${MOST.toLocaleString()} characters.`);
    const composing = this.store.life.composingIn(room);
    this.field.value = "";
    this.grow();
    if (composing?.kind === "edit") this.store.life.edit(room.peer, composing.message, text);
    else {
      const replyTo = composing?.message.sequence;
      this.store.send(room, text, 1, { ...this.store.life.mentionsIn(room.peer, text), ...this.extrasOf(), ...(replyTo ? { replyTo } : {}) });
    }
    if (composing) this.store.life.compose(room, undefined);
  }
}
