import { ChatError } from "../src/index.js";
import { summary } from "./attachments.js";
import { avatar } from "./Avatar.js";
import type { ChatStore } from "./ChatStore.js";
import { arrange, h, icon, iconButton } from "./dom.js";
import { short } from "./format.js";
import { openNewGroup } from "./groupDialogs.js";
import { ticks } from "./ticks.js";

enum Tab {
  Chats = "Chats",
  Contacts = "Contacts",
}

/** The left side: conversations or contacts, and the way to a new one. */
export class ConversationList {
  readonly element: HTMLElement;
  private readonly list = h("ul", { class: "rows" });
  private readonly note = h("p", { class: "form-error", role: "alert" });
  private readonly field: HTMLInputElement;
  private readonly go: HTMLButtonElement;
  private readonly tabs: Record<Tab, HTMLButtonElement>;
  private tab = Tab.Chats;

  constructor(
    private readonly store: ChatStore,
    private readonly onOpen: (peer: string) => void,
  ) {
    const tabButton = (tab: Tab, name: "chat" | "people"): HTMLButtonElement => h("button", {
      type: "button",
      role: "tab",
      click: () => {
        this.tab = tab;
        this.note.textContent = "";
        this.render();
      },
    }, icon(name, 16), tab);
    this.tabs = { [Tab.Chats]: tabButton(Tab.Chats, "chat"), [Tab.Contacts]: tabButton(Tab.Contacts, "people") };
    this.field = h("input", { autocomplete: "off", spellcheck: "false", autocapitalize: "none" });
    this.go = h("button", { class: "icon-button filled", type: "submit" }, icon("plus", 18));
    this.element = h("nav", { class: "sidebar", "aria-label": "Conversations and contacts" },
      h("div", { class: "tabs", role: "tablist" }, this.tabs[Tab.Chats], this.tabs[Tab.Contacts]),
      h("form", { class: "find", submit: ((event: SubmitEvent) => void this.submit(event)) as never }, this.field, this.go,
        iconButton("people", "New group", () => openNewGroup(this.store, this.element, (id) => void this.store.open(id).then(() => this.onOpen(id))))),
      this.note,
      this.list);
    this.list.addEventListener("keydown", (event) => this.moveFocus(event));
  }

  render(): void {
    const unread = this.store.conversations.filter((c) => c.unread > 0).length;
    for (const [tab, button] of Object.entries(this.tabs)) {
      button.setAttribute("aria-selected", String(tab === this.tab));
      if (tab === Tab.Chats) button.dataset["badge"] = unread && this.tab !== Tab.Chats ? String(unread) : "";
    }
    const label = this.tab === Tab.Chats ? "Write to a user …" : "Add a contact …";
    // Two panes side by side leave little room.
    this.field.placeholder = this.tab === Tab.Chats ? "Write to …" : "Add …";
    this.field.setAttribute("aria-label", label);
    this.go.setAttribute("aria-label", this.tab === Tab.Chats ? "Start conversation" : "Add contact");
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>(".row")?.dataset["peer"];
    const had = this.list.contains(document.activeElement);
    const rows = this.tab === Tab.Chats ? this.chats() : this.contacts();
    arrange(this.list, rows.length > 0 ? rows : [this.empty()]);
    if (had && focused) this.list.querySelector<HTMLElement>(`.row[data-peer="${CSS.escape(focused)}"]`)?.focus();
  }

  private chats(): HTMLElement[] {
    const begun = this.store.conversations;
    const quiet = this.store.groups.quiet(begun).map((group) =>
      this.row(group.id, "", [h("span", { class: "preview" }, `${group.memberCount} ${group.memberCount === 1 ? "member" : "members"}`)], false));
    return begun.map((conversation) => {
      const peer = conversation.peer;
      const last = conversation.lastMessage!;
      const mine = last.from === this.store.self;
      const text = this.store.isTyping(peer)
        ? h("span", { class: "typing-text" }, this.store.typingText(peer))
        : h("span", { class: "preview" }, `${conversation.group && !mine ? `${this.store.nameOf(last.from)}: ` : ""}${summary(last.type, last.data) || "(empty)"}`);
      const shown = { id: last.id, mine, data: last.data, type: last.type, at: last.sentAt, sequence: last.sequence, size: last.size };
      return this.row(peer, short(last.sentAt), [
        mine && !this.store.isTyping(peer) && ticks(this.store.delivery(peer, shown)),
        text,
        conversation.unread > 0 && h("span", { class: "badge", "aria-label": `${conversation.unread} unread` }, conversation.unread > 99 ? "99+" : String(conversation.unread)),
      ], conversation.unread > 0);
    }).concat(quiet);
  }

  private contacts(): HTMLElement[] {
    return [...this.store.contacts].sort((a, b) => this.store.nameOf(a.id).localeCompare(this.store.nameOf(b.id))).map((contact) => {
      const person = this.store.people.get(contact.id);
      const text = this.store.blocked.has(contact.id) ? "Blocked" : !contact.registered ? "Not a user yet" : person?.status || (person?.online ? "Online" : "Offline");
      return this.row(contact.id, "", [h("span", { class: "preview" }, text)], false);
    });
  }

  private row(peer: string, when: string, second: (Node | false)[], strong: boolean): HTMLElement {
    const name = this.store.nameOf(peer);
    const isSelected = this.store.selected === peer;
    return h("li", {}, h("button", {
      type: "button", class: `row${strong ? " strong" : ""}`, "data-peer": peer, "aria-current": isSelected ? "true" : undefined, click: () => this.onOpen(peer),
    },
    avatar(peer, name, this.store.people.get(peer)?.online, this.store.photoOf(peer)),
    h("span", { class: "row-body" },
      h("span", { class: "row-line" }, h("span", { class: "row-name" }, name), h("span", { class: "row-time" }, when)),
      h("span", { class: "row-line" }, ...second))));
  }

  private empty(): HTMLElement {
    const [title, text] = this.tab === Tab.Chats
      ? this.store.client.isSynchronized
        ? ["No conversations yet", "Write to a user by the id that he logs in with."]
        : ["Loading …", ""]
      : this.store.contactsLoaded
        ? ["No contacts yet", "Contacts show when they are online."]
        : ["Loading …", ""];
    return h("li", { class: "empty" }, icon(this.tab === Tab.Chats ? "chat" : "people", 28), h("strong", {}, title!), h("span", {}, text!));
  }

  private async submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const id = this.field.value.trim();
    this.note.textContent = "";
    if (!id) return this.field.focus();
    try {
      if (this.tab === Tab.Contacts) await this.store.addContact(id);
      else await this.store.open(id).then(() => this.onOpen(id));
      this.field.value = "";
    } catch (error) {
      this.note.textContent = ChatError.of(error).message;
    }
  }

  private moveFocus(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const rows = [...this.list.querySelectorAll<HTMLElement>(".row")];
    const next = rows[rows.indexOf(document.activeElement as HTMLElement) + step];
    if (next) {
      next.focus();
      event.preventDefault();
    }
  }
}
