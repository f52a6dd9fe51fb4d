import { ChatError } from "../src/index.js";
import { summary } from "./attachments.js";
import { avatar } from "./Avatar.js";
import type { ChatStore } from "./ChatStore.js";
import { arrange, bdi, h, icon, iconButton, type IconName } from "./dom.js";
import { isolated, short } from "./format.js";
import { openNewGroup } from "./groupDialogs.js";
import { ticks } from "./ticks.js";

enum Tab {
  Chats = "Chats",
  Contacts = "Contacts",
}

function sign(name: IconName, label: string): HTMLElement {
  return h("span", { class: "sign", role: "img", "aria-label": label, title: label }, icon(name, 14));
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
  private showsArchive = false;
  private readonly archiveRow = h("li", {});
  private rows = new Map<string, { element: HTMLElement; state: string }>();

  /** @param onOpen Fails for an id that is nobody's. */
  constructor(
    private readonly store: ChatStore,
    private readonly onOpen: (peer: string) => Promise<void>,
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
        iconButton("group", "New group", () => openNewGroup(this.store, this.element, (id) => void this.onOpen(id).catch(() => {})))),
      this.note,
      this.list);
    this.list.addEventListener("keydown", (event) => this.moveFocus(event));
  }

  render(): void {
    const unread = this.store.unread;
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
    const before = this.rows;
    this.rows = new Map();
    const rows = this.tab === Tab.Chats ? this.chats(before) : this.contacts(before);
    arrange(this.list, rows.length > 0 ? rows : [this.empty()]);
    if (had && focused) this.list.querySelector<HTMLElement>(`.row[data-peer="${CSS.escape(focused)}"]`)?.focus();
  }

  private chats(before: typeof this.rows): HTMLElement[] {
    const archived = this.store.conversations.filter((c) => c.settings.archived);
    const begun = this.store.conversations.filter((c) => !c.settings.archived || this.showsArchive);
    const quiet = this.store.groups.quiet(begun).map((group) => {
      const members = `${group.memberCount} ${group.memberCount === 1 ? "member" : "members"}`;
      return this.row(before, group.id, "", members, () => [h("span", { class: "preview" }, members)], false);
    });
    return begun.map((conversation) => {
      const peer = conversation.peer;
      const last = conversation.lastMessage!;
      const mine = last.from === this.store.self;
      const typing = this.store.typingText(peer) ?? "";
      const hidden = this.store.isHidden(peer, { mine, from: last.from });
      const author = conversation.group && !mine && !hidden ? `${isolated(this.store.nameOf(last.from))}: ` : "";
      const preview = hidden ? "Hidden: from a blocked user" : last.deletedAt ? "Deleted message" : `${author}${summary(last.type, last.data) || "(empty)"}`;
      const muted = this.store.life.isMuted(peer);
      const { favourite, archived: isArchived } = conversation.settings;
      const mentions = conversation.unreadMentions;
      const shown = { id: last.id, mine, data: last.data, type: last.type, at: last.sentAt, sequence: last.sequence, size: last.size };
      const delivery = mine && !typing ? this.store.delivery(peer, shown) : undefined;
      const { unread } = conversation;
      return this.row(before, peer, short(last.sentAt), JSON.stringify([typing, preview, delivery, unread, muted, favourite, isArchived, mentions]), () => [
        delivery && ticks(delivery),
        typing ? h("span", { class: "typing-text" }, typing) : h("span", { class: "preview" }, preview),
        muted && sign("bellOff", "Muted"),
        favourite && sign("star", "Favourite"),
        isArchived && h("span", { class: "tag" }, "Archived"),
        mentions > 0 && h("span", { class: "badge mention-badge", role: "img", "aria-label": `${mentions} unread ${mentions === 1 ? "mention" : "mentions"} of you` }, mentions > 1 ? `@${mentions}` : "@"),
        unread > 0 && h("span", { class: `badge${muted ? " muted-badge" : ""}`, "aria-label": `${unread} unread` }, unread > 99 ? "99+" : String(unread)),
      ], unread > 0);
    }).concat(quiet, archived.length > 0 ? [this.archive(archived.length)] : []);
  }

  private archive(count: number): HTMLElement {
    const label = this.showsArchive ? "Hide the archive" : `Archived (${count})`;
    if (this.archiveRow.textContent !== label) {
      this.archiveRow.replaceChildren(h("button", {
        type: "button", class: "row archive", "aria-expanded": String(this.showsArchive),
        click: () => {
          this.showsArchive = !this.showsArchive;
          this.render();
          this.archiveRow.querySelector("button")?.focus();
        },
      }, label));
    }
    return this.archiveRow;
  }

  private contacts(before: typeof this.rows): HTMLElement[] {
    return [...this.store.people.contacts].sort((a, b) => this.store.nameOf(a.id).localeCompare(this.store.nameOf(b.id))).map((contact) => {
      const person = this.store.people.get(contact.id);
      const text = this.store.people.blocked.has(contact.id) ? "Blocked" : !contact.registered ? "Not a user yet" : person?.status || (person?.online ? "Online" : "Offline");
      return this.row(before, contact.id, "", text, () => [h("span", { class: "preview" }, text)], false);
    }).concat(this.store.groups.blocked.map((group) => this.row(before, group.id, "", "", () => [h("span", { class: "preview" }, "Blocked group")], false)));
  }

  /** Keeps the element as long as nothing about it has changed. An element that is replaced between press and release gets no click. */
  private row(before: typeof this.rows, peer: string, when: string, content: string, second: () => (Node | false | undefined)[], strong: boolean): HTMLElement {
    const name = this.store.nameOf(peer);
    const isSelected = this.store.selected === peer;
    const online = this.store.people.get(peer)?.online;
    const photo = this.store.photoOf(peer);
    const state = JSON.stringify([name, isSelected, online, photo, when, content, strong]);
    const known = before.get(peer);
    const row = known?.state === state ? known : {
      state,
      element: h("li", {}, h("button", {
        type: "button", class: `row${strong ? " strong" : ""}`, "data-peer": peer, "aria-current": isSelected ? "true" : undefined,
        click: () => void this.onOpen(peer).catch(() => {}),
      },
      avatar(peer, name, online, photo),
      h("span", { class: "row-body" },
        h("span", { class: "row-line" }, h("span", { class: "row-name" }, bdi(name)), h("span", { class: "row-time" }, when)),
        h("span", { class: "row-line" }, ...second())))),
    };
    this.rows.set(peer, row);
    return row.element;
  }

  private empty(): HTMLElement {
    const [title, text] = this.tab === Tab.Chats
      ? this.store.client.isSynchronized
        ? ["No conversations yet", "Write to a user by the id that they log in with."]
        : ["Loading …", ""]
      : this.store.people.contactsLoaded
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
      if (this.tab === Tab.Contacts) await this.store.people.addContact(id);
      else await this.onOpen(id);
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
