import { summary } from "./attachments.js";
import type { ChatStore } from "./ChatStore.js";
import { bdi, h, iconButton } from "./dom.js";
import type { Room } from "./Room.js";

/** UTF-16 units that a text may have. */
export const MOST = 4_000;
/** From so many on, the rest is shown. */
const NEAR = 3_600;

/** Above the field: which message is answered or edited, and how much room is left. */
export class ComposeBar {
  readonly element = h("div", { class: "compose-bar", hidden: true });
  readonly counter = h("span", { class: "counter", role: "status", hidden: true });
  private state = "";

  constructor(
    private readonly store: ChatStore,
    private readonly onCancel: () => void,
  ) {}

  render(room: Room): void {
    const composing = this.store.life.composingIn(room);
    const state = composing ? `${composing.kind} ${composing.message.id}` : "";
    if (state === this.state) return;
    this.state = state;
    this.element.hidden = !composing;
    if (!composing) return;
    const { kind, message } = composing;
    const who = message.mine ? "yourself" : this.store.nameOf(message.from ?? "");
    this.element.replaceChildren(
      h("div", { class: "compose-what" },
        kind === "edit" ? h("strong", {}, "Edit the message") : h("strong", {}, "Answer to ", bdi(who)),
        h("span", { dir: "auto" }, summary(message.type, message.data))),
      iconButton("close", kind === "edit" ? "Do not edit" : "Do not answer", () => this.onCancel()));
  }

  /** @returns whether the text can be sent. */
  count(length: number): boolean {
    this.counter.hidden = length < NEAR;
    this.counter.classList.toggle("over", length > MOST);
    this.counter.textContent = length > MOST ? `${length - MOST} characters too many` : `${MOST - length} left`;
    return length <= MOST;
  }
}
