import { ChatError, type Group, type GroupMember } from "../src/index.js";
import { avatar } from "./Avatar.js";
import type { ChatStore } from "./ChatStore.js";
import { confirmFirst, openDialog } from "./dialog.js";
import { arrange, bdi, h, icon } from "./dom.js";
import { isolated, short, time } from "./format.js";
import { menu, type MenuItem } from "./menu.js";
import type { ShownMessage } from "./Thread.js";

const ROLES = { owner: "Owner", admin: "Admin", member: "" } as const;

/** Ids separated by commas or line breaks, as people write lists. Ids may contain blanks. */
function ids(text: string): string[] {
  return text.split(/[,\n]/).map((id) => id.trim()).filter((id) => id.length > 0);
}

function onSubmit(work: () => unknown): never {
  return ((event: SubmitEvent) => {
    event.preventDefault();
    void work();
  }) as never;
}

/** @param onOpen With the new group's id. */
export function openNewGroup(store: ChatStore, parent: HTMLElement, onOpen: (id: string) => void): void {
  const name = h("input", { maxlength: 100, required: true, placeholder: "What is it called?" });
  const description = h("input", { maxlength: 500, placeholder: "What is it about? (optional)" });
  const members = h("input", { placeholder: "bob, carol", autocapitalize: "none", spellcheck: "false" });
  const picture = h("input", { type: "file", accept: "image/*" });
  const error = h("p", { class: "form-error", role: "alert" });
  const create = h("button", { class: "primary", type: "submit" }, "Create group");
  const submit = async (): Promise<void> => {
    create.disabled = true;
    error.textContent = "";
    try {
      const form = { name: name.value.trim(), description: description.value.trim(), picture: picture.files?.[0] };
      const group = await store.groups.create(form, ids(members.value));
      dialog.close();
      onOpen(group.id);
    } catch (failure) {
      error.textContent = ChatError.of(failure).message;
      create.disabled = false;
    }
  };
  const dialog = openDialog(parent, "New group", h("form", { submit: onSubmit(submit) },
    h("h2", {}, "New group"),
    h("label", {}, "Name", name),
    h("label", {}, "Description", description),
    h("label", {}, "Picture", picture),
    h("label", {}, "Members", members),
    h("p", { class: "muted hint" }, "The ids that they log in with, separated by commas. More can be added later."),
    error,
    h("div", { class: "actions" }, h("button", { type: "button", click: () => dialog.close() }, "Cancel"), create)));
}

/** Name, picture, members and roles, always up to date. The user can change what their role allows. */
export function openGroupInfo(store: ChatStore, parent: HTMLElement, id: string, onGone: () => void): void {
  new GroupInfo(store, parent, id, onGone);
}

class GroupInfo {
  /** Takes the focus, so that no keyboard covers the dialog on a phone. */
  private readonly head = h("div", { class: "group-head", tabindex: -1, autofocus: true });
  private readonly name = h("input", { maxlength: 100, required: true });
  private readonly description = h("input", { maxlength: 500, placeholder: "What is it about?" });
  private readonly picture = h("input", { type: "file", accept: "image/*" });
  private readonly form: HTMLElement;
  private readonly count = h("h3", {});
  private readonly members = h("ul", { class: "members" });
  private readonly added = h("input", { placeholder: "Add members: dave, erin", autocapitalize: "none", spellcheck: "false", "aria-label": "Add members" });
  private readonly adding: HTMLElement;
  private readonly error = h("p", { class: "form-error", role: "alert" });
  private readonly deleting: HTMLElement;
  private readonly dialog: HTMLDialogElement;
  private readonly rows = new Map<string, { element: HTMLElement; who: HTMLElement; state: string; offered: string }>();
  private shown?: Group;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: ChatStore,
    private readonly parent: HTMLElement,
    private readonly id: string,
    private readonly onGone: () => void,
  ) {
    const { groups } = store;
    this.form = h("form", { class: "group-name", submit: onSubmit(() => this.save()) },
      h("label", {}, "Name", this.name),
      h("label", {}, "Description", this.description),
      h("label", {}, "Picture", this.picture),
      h("button", { class: "quiet", type: "submit" }, "Save"));
    this.adding = h("form", {
      class: "find", submit: onSubmit(async () => {
        if (await this.act(() => groups.act(id, (all) => all.addMembers(id, ids(this.added.value))))) this.added.value = "";
      }),
    }, this.added, h("button", { class: "icon-button filled", type: "submit", "aria-label": "Add members to the group" }, icon("plus", 18)));
    this.deleting = this.ending("Delete group", "Delete this group?", "It ends for all its members, with everything that was said in it.", () => groups.act(id, (all) => all.delete(id)));
    this.dialog = openDialog(parent, "Group",
      this.head, this.form, this.count, this.members, this.adding, this.error,
      h("div", { class: "group-actions" },
        this.ending("Block group", "Block this group?", "You stay a member, but nothing of it reaches you, and it leaves your list.", () => groups.act(id, (all) => all.block(id)), ""),
        this.ending("Leave group", "Leave this group?", "You keep what was said so far, and see nothing that comes after.", () => groups.act(id, (all) => all.leave(id))),
        this.deleting),
      h("div", { class: "actions" }, h("button", { type: "button", click: () => this.dialog.close() }, "Close")));
    const draw = (): void => this.draw();
    groups.watchers.add(draw);
    this.dialog.addEventListener("close", () => groups.watchers.delete(draw));
    this.draw();
    void groups.look(id).catch((failure) => (this.error.textContent = ChatError.of(failure).message));
  }

  /** Runs changes one after the other, without dropping any. @returns false when the change was refused; the user was told why. */
  private act(work: () => Promise<void>): Promise<boolean> {
    const done = this.last.then(async () => {
      this.error.textContent = "";
      try {
        await work();
        return true;
      } catch (failure) {
        this.error.textContent = ChatError.of(failure).message;
        this.error.scrollIntoView({ block: "nearest" });
        return false;
      }
    });
    this.last = done;
    return done;
  }

  private async save(): Promise<void> {
    const form = { name: this.name.value.trim(), description: this.description.value.trim(), picture: this.picture.files?.[0] };
    if (await this.act(() => this.store.groups.describe(this.id, form))) this.picture.value = "";
  }

  private ending(label: string, question: string, explanation: string, work: () => Promise<void>, look = " danger"): HTMLElement {
    const run = async (): Promise<void> => {
      if (!(await this.act(work))) return;
      this.dialog.close();
      this.onGone();
    };
    return h("button", {
      type: "button", class: `quiet${look}`, click: () => confirmFirst(this.parent, question, explanation, label, () => void run()),
    }, label);
  }

  /** Leaves alone what the user is just typing, and the rows of members about whom nothing has changed. */
  private draw(): void {
    const group = this.store.groups.details.get(this.id);
    if (!group || this.store.groups.farewell(this.id)) return void (this.shown && this.dialog.close());
    const mayManage = group.role !== "member";
    this.head.replaceChildren(
      avatar(this.id, group.name, undefined, this.store.photoOf(this.id)),
      h("div", {}, h("h2", {}, bdi(group.name)), group.description && h("p", { class: "muted", dir: "auto" }, group.description)));
    if (this.name.value === (this.shown?.name ?? "")) this.name.value = group.name;
    if (this.description.value === (this.shown?.description ?? "")) this.description.value = group.description;
    this.form.hidden = this.adding.hidden = !mayManage;
    this.deleting.hidden = group.role !== "owner";
    this.count.textContent = `${group.members.length} ${group.members.length === 1 ? "member" : "members"}`;
    const rank = ({ role }: GroupMember): number => ["owner", "admin", "member"].indexOf(role);
    arrange(this.members, [...group.members].sort((a, b) => rank(a) - rank(b)).map((member) => this.row(group, member)));
    this.shown = group;
  }

  private row(group: Group, member: GroupMember): HTMLElement {
    const { store } = this;
    const name = store.nameOf(member.id);
    const online = store.people.get(member.id)?.online;
    const row = this.rows.get(member.id) ?? { element: h("li", { class: "member", "data-member": member.id }), who: h("div", { class: "whole" }), state: "", offered: "" };
    this.rows.set(member.id, row);
    const self = member.id === store.self;
    const state = JSON.stringify([member.role, name, online, store.photoOf(member.id)]);
    if (state !== row.state) {
      row.state = state;
      row.who.replaceChildren(
        avatar(member.id, name, online, store.photoOf(member.id)),
        h("span", { class: "row-name" }, bdi(name), self ? " (you)" : ""),
        ...(member.role === "member" ? [] : [h("span", { class: "tag" }, ROLES[member.role])]));
    }
    // Apart from the rest, so that an open menu does not vanish because somebody comes online.
    const offered = JSON.stringify([group.role, member.role, name]);
    if (offered !== row.offered) {
      row.offered = offered;
      const items = this.offers(group, member);
      row.element.replaceChildren(row.who, ...(items.length > 0 ? [menu(`Member ${isolated(name)}`, items)] : []));
    }
    return row.element;
  }

  private offers(group: Group, member: GroupMember): MenuItem[] {
    const { id, store } = this;
    const { groups } = store.client;
    const self = member.id === store.self;
    const mayManage = group.role !== "member";
    const offer = (label: string, work: () => Promise<unknown>, danger = false): MenuItem =>
      ({ label, danger, run: () => void this.act(() => store.groups.act(id, work)) });
    return [
      ...(mayManage && member.role === "member" ? [offer("Make admin", () => groups.addAdmins(id, [member.id]))] : []),
      ...(member.role === "admin" && (group.role === "owner" || self) ? [offer("Dismiss as admin", () => groups.dismissAdmin(id, member.id))] : []),
      ...(mayManage && member.role !== "owner" && !self ? [offer("Remove from group", () => groups.removeMember(id, member.id), true)] : []),
    ];
  }
}

/** Who has received and read an own message of a group, as it goes on. */
export function openReadBy(store: ChatStore, parent: HTMLElement, id: string, message: ShownMessage): void {
  const sequence = message.sequence ?? 0;
  const at = (when?: number): string => (when ? `${short(when) === time(when) ? "" : `${short(when)} `}${time(when)}` : "");
  const title = h("h2", {});
  const list = h("ul", { class: "members" });
  const draw = (): void => {
    const members = store.groups.others(id, sequence).sort((a, b) => (b.read - a.read) || (b.delivered - a.delivered));
    const { of, read } = store.groups.reach(id, sequence);
    title.textContent = `Read by ${read} of ${of}`;
    list.replaceChildren(...members.map((member) => h("li", { class: "member", "data-member": member.id },
      avatar(member.id, store.nameOf(member.id), false, store.photoOf(member.id)),
      h("span", { class: "row-name" }, bdi(store.nameOf(member.id))),
      h("span", { class: "muted" }, member.read >= sequence ? `Read ${at(member.readAt)}` : member.delivered >= sequence ? `Delivered ${at(member.deliveredAt)}` : "Not yet"))));
  };
  draw();
  const dialog = openDialog(parent, "Read by", title, list,
    h("div", { class: "actions" }, h("button", { type: "button", click: () => dialog.close() }, "Close")));
  store.groups.watchers.add(draw);
  dialog.addEventListener("close", () => store.groups.watchers.delete(draw));
}
