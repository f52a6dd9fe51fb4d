import { ChatError } from "../src/index.js";
import { summary } from "./attachments.js";
import { avatar } from "./Avatar.js";
import type { ChatStore } from "./ChatStore.js";
import { openDialog } from "./dialog.js";
import { bdi, h, iconButton } from "./dom.js";
import { short } from "./format.js";
import type { ShownMessage } from "./Thread.js";

const EMOJIS = [..."😀😄😅🤣🙂😉😊😍😘🤔😐🙄😴😎🥳😭😡🤯😱🤗👏🙌👌🤞💪👀🔥🎉✅❌⭐💯🚀☕🍕🌈"];

/** Any emoji, and who has reacted with which. */
export function openReactions(store: ChatStore, root: HTMLElement, message: ShownMessage): void {
  const people = h("ul", { class: "members" });
  const pick = (emoji: string): void => {
    dialog.close();
    store.life.react(message, emoji);
  };
  const own = h("input", { "aria-label": "Another emoji", placeholder: "Another emoji", maxlength: 32, autocomplete: "off" });
  const dialog = openDialog(root, "Reactions",
    h("h2", {}, "React"),
    h("div", { class: "emojis" }, ...EMOJIS.map((emoji) => h("button", { type: "button", "aria-label": `React with ${emoji}`, click: () => pick(emoji) }, emoji))),
    h("form", { class: "find", submit: ((event: Event) => (event.preventDefault(), own.value.trim() && pick(own.value.trim()))) as never }, own, h("button", { class: "primary", type: "submit" }, "React")),
    people,
    closing(() => dialog.close()));
  if (!message.event?.reactions?.length) return;
  void store.client.changes.reactions(message.event).then(({ users }) => people.replaceChildren(...users.map(({ user, emoji }) =>
    h("li", { class: "member" }, avatar(user, store.nameOf(user), undefined, store.photoOf(user)), h("span", { class: "row-name" }, bdi(store.nameOf(user))), emoji)))).catch(() => {});
}

/** To whom a message is sent once more. */
export function openForward(store: ChatStore, root: HTMLElement, message: ShownMessage): void {
  const peers = [...new Set([...store.conversations.filter((c) => !c.closed).map((c) => c.peer), ...store.people.contacts.filter((c) => c.registered).map((c) => c.id)])];
  const dialog = openDialog(root, "Forward", h("h2", {}, "Forward to …"),
    peers.length > 0 ? h("ul", { class: "members" }, ...peers.map((peer) => h("li", {}, h("button", {
      type: "button", class: "row", click: () => {
        dialog.close();
        store.life.forward(message, peer);
        void store.open(peer).catch(() => {});
      },
    }, avatar(peer, store.nameOf(peer), undefined, store.photoOf(peer)), h("span", { class: "row-name" }, bdi(store.nameOf(peer))))))) : h("p", { class: "muted" }, "There is nobody to forward it to yet."),
    closing(() => dialog.close()));
}

/** The pinned messages of a conversation. */
export function openPins(store: ChatStore, root: HTMLElement, peer: string, jump: (sequence: number) => void): void {
  const list = h("ul", { class: "pins" }, h("li", { class: "muted" }, "Loading …"));
  const error = h("p", { class: "form-error", role: "alert" });
  const dialog = openDialog(root, "Pinned messages", h("h2", {}, "Pinned messages"), list, error, closing(() => dialog.close()));
  const load = (): Promise<void> => store.life.pins(peer).then((pins) => list.replaceChildren(...(pins.length > 0 ? pins.map((pin) => h("li", {},
    h("button", {
      type: "button", class: "pin", click: () => {
        dialog.close();
        jump(pin.sequence);
      },
    }, h("strong", {}, bdi(pin.from === store.self ? "You" : store.nameOf(pin.from)), ` · ${short(pin.sentAt)}`), h("span", { dir: "auto" }, summary(pin.type, pin.data))),
    iconButton("close", "Unpin", () => void store.client.changes.unpin(pin).then(load).catch(fail)))) : [h("li", { class: "muted" }, "Nothing is pinned. Pin a message from its menu.")])));
  const fail = (failure: unknown): void => void (error.textContent = ChatError.of(failure).message);
  void load().catch(fail);
}

/** The button at the end of a dialog. */
export function closing(close: () => void): HTMLElement {
  return h("div", { class: "actions" }, h("button", { type: "button", click: close }, "Close"));
}
