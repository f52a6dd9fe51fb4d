import { ChatError, isGroupId } from "../src/index.js";
import { avatar } from "./Avatar.js";
import type { ChatStore } from "./ChatStore.js";
import { conversationActions, settingsState, type Jump } from "./conversationActions.js";
import { bdi, h, iconButton } from "./dom.js";
import { isolated, seen } from "./format.js";
import { openGroupInfo } from "./groupDialogs.js";
import { menu, type MenuItem } from "./menu.js";

/** Above the messages: with whom the conversation is, and what can be done with it. */
export class ThreadHead {
  readonly element = h("header", { class: "thread-head" });
  private readonly back = iconButton("back", "Back to the list", () => this.onBack(), { class: "icon-button back" });
  private readonly who = h("div", { class: "whole" });
  private headState = "";
  private menuState = "";

  constructor(
    private readonly store: ChatStore,
    private readonly root: () => HTMLElement,
    private readonly onBack: () => void,
    private readonly fail: (message: string) => void,
    private readonly jump: Jump,
  ) {}

  /** Another conversation is shown. */
  forget(): void {
    this.headState = this.menuState = "";
  }

  /** @returns whether nothing can be written there, for now or for ever. */
  render(peer: string): { isBlocked: boolean; isGone: boolean } {
    const { store } = this;
    const group = isGroupId(peer) ? store.groups.details.get(peer) : undefined;
    const person = store.people.get(peer);
    const name = store.nameOf(peer);
    const farewell = isGroupId(peer) ? store.groups.farewell(peer) : undefined;
    const isGone = farewell !== undefined;
    const isBlocked = store.people.blocked.has(peer) || store.groups.isBlocked(peer) || isGone;
    const typing = store.typingText(peer);
    const line = typing ?? (isGone ? farewell
      : store.groups.isBlocked(peer) ? "Blocked"
      : isGroupId(peer) ? group?.members.map((member) => (member.id === store.self ? "You" : isolated(store.nameOf(member.id)))).join(", ") ?? ""
      : isBlocked ? "Blocked" : person?.online ? person.status || "Online" : seen(person?.lastSeen ?? 0));
    const state = JSON.stringify([name, line, person?.online, store.photoOf(peer)]);
    if (state !== this.headState) {
      this.headState = state;
      this.who.replaceChildren(
        avatar(peer, name, person?.online, store.photoOf(peer)),
        h("div", { class: "who" }, h("h2", {}, bdi(name)), h("span", { class: typing ? "typing-text" : person?.online ? "is-online" : "" }, h("bdi", {}, line))));
    }
    // Apart from the rest, so that an open menu does not vanish because somebody types or comes online.
    const offered = JSON.stringify([peer, isBlocked, isGone, store.people.isContact(peer), settingsState(store, peer)]);
    if (offered !== this.menuState) {
      this.menuState = offered;
      this.element.replaceChildren(this.back, this.who, ...(isGone ? [] : [menu("Conversation", this.actions(peer, isBlocked))]));
    }
    return { isBlocked, isGone };
  }

  private actions(peer: string, isBlocked: boolean): MenuItem[] {
    const { people, groups } = this.store;
    const run = (work: () => Promise<unknown>) => () => void work().catch((error) => this.fail(ChatError.of(error).message));
    const about = conversationActions(this.store, peer, this.root(), this.jump);
    if (isGroupId(peer)) {
      const info = { label: "Group info", run: () => openGroupInfo(this.store, this.root(), peer, () => this.store.selected === peer && this.onBack()) };
      return isBlocked ? [info, { label: "Unblock group", run: run(() => groups.act(peer, (all) => all.unblock(peer))) }] : [info, ...about];
    }
    return [
      people.isContact(peer)
        ? { label: "Remove from contacts", run: run(() => people.removeContact(peer)) }
        : { label: "Add to contacts", run: run(() => people.addContact(peer)) },
      ...about,
      { label: isBlocked ? "Unblock" : "Block", danger: !isBlocked, run: run(() => people.setBlocked(peer, !isBlocked)) },
    ];
  }
}
