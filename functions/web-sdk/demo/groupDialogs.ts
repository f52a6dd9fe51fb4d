import { ChatError, type GroupMember } from "../src/index.js";
import { avatar } from "./Avatar.js";
import type { ChatStore, ShownMessage } from "./ChatStore.js";
import { h, icon } from "./dom.js";
import { short, time } from "./format.js";
import { menu, type MenuItem } from "./menu.js";

const ROLES = { owner: "Owner", admin: "Admin", member: "" } as const;

/** Ids as people write lists: by commas or lines. Ids may contain blanks. */
function ids(text: string): string[] {
  return text.split(/[,\n]/).map((id) => id.trim()).filter((id) => id.length > 0);
}

function show(parent: HTMLElement, label: string, ...content: Node[]): HTMLDialogElement {
  const dialog = h("dialog", { "aria-label": label, class: "group-dialog" }, ...content);
  dialog.addEventListener("close", () => dialog.remove());
  parent.append(dialog);
  dialog.showModal();
  return dialog;
}

/** @param onOpen With the new group's id. */
export function openNewGroup(store: ChatStore, parent: HTMLElement, onOpen: (id: string) => void): void {
  const name = h("input", { maxlength: 100, required: true, placeholder: "What is it called?" });
  const description = h("input", { maxlength: 500, placeholder: "What is it about? (optional)" });
  const members = h("input", { placeholder: "bob, carol", autocapitalize: "none", spellcheck: "false" });
  const error = h("p", { class: "form-error", role: "alert" });
  const create = h("button", { class: "primary", type: "submit" }, "Create group");
  const dialog = show(parent, "New group", h("form", {
    submit: (async (event: SubmitEvent) => {
      event.preventDefault();
      create.disabled = true;
      try {
        const group = await store.groups.create(name.value.trim(), description.value.trim(), ids(members.value));
        dialog.close();
        onOpen(group.id);
      } catch (failure) {
        error.textContent = ChatError.of(failure).message;
        create.disabled = false;
      }
    }) as never,
  },
  h("h2", {}, "New group"),
  h("label", {}, "Name", name),
  h("label", {}, "Description", description),
  h("label", {}, "Members", members),
  h("p", { class: "muted" }, "The ids that they log in with, separated by commas. More can be added later."),
  error,
  h("div", { class: "actions" }, h("button", { type: "button", click: () => dialog.close() }, "Cancel"), create)));
}

/** Name, members and roles; what the user may change is his to change. */
export function openGroupInfo(store: ChatStore, parent: HTMLElement, id: string, onGone: () => void): void {
  const error = h("p", { class: "form-error", role: "alert" });
  const body = h("div", { class: "group-body" });
  const dialog = show(parent, "Group", body, error, h("div", { class: "actions" }, h("button", { type: "button", click: () => dialog.close() }, "Close")));

  const act = (work: Parameters<typeof store.groups.act>[1], leaves = false) => async (): Promise<void> => {
    error.textContent = "";
    try {
      await store.groups.act(id, work);
      if (leaves) {
        dialog.close();
        onGone();
      } else draw();
    } catch (failure) {
      error.textContent = ChatError.of(failure).message;
    }
  };

  const draw = (): void => {
    const group = store.groups.details.get(id);
    if (!group) return void dialog.close();
    const isOwner = group.role === "owner";
    const mayManage = group.role !== "member";
    const name = h("input", { value: group.name, maxlength: 100, disabled: !mayManage });
    const description = h("input", { value: group.description, maxlength: 500, disabled: !mayManage, placeholder: "No description" });
    const added = h("input", { placeholder: "Add members: dave, erin", autocapitalize: "none", spellcheck: "false", "aria-label": "Add members" });
    const onSubmit = (work: () => Promise<void>) => ((event: SubmitEvent) => {
      event.preventDefault();
      void work();
    }) as never;
    body.replaceChildren(
      h("form", { class: "group-name", submit: onSubmit(act((groups) => groups.update(id, { name: name.value.trim(), description: description.value.trim() }))) },
        h("label", {}, "Name", name),
        h("label", {}, "Description", description),
        mayManage && h("button", { class: "quiet", type: "submit" }, "Save")),
      h("h3", {}, `${group.members.length} ${group.members.length === 1 ? "member" : "members"}`),
      h("ul", { class: "members" }, ...group.members.map((member) => row(member, isOwner, mayManage))),
      h("form", { class: "find", hidden: !mayManage, submit: onSubmit(act((groups) => groups.addMembers(id, ids(added.value)))) },
        added, h("button", { class: "icon-button filled", type: "submit", "aria-label": "Add members to the group" }, icon("plus", 18))),
      h("div", { class: "group-actions" },
        h("button", { type: "button", class: "quiet", click: act((groups) => groups.block(id), true) }, "Block group"),
        h("button", { type: "button", class: "quiet danger", click: act((groups) => groups.leave(id), true) }, "Leave group"),
        isOwner && h("button", { type: "button", class: "quiet danger", click: act((groups) => groups.delete(id), true) }, "Delete group")));
  };

  const row = (member: GroupMember, isOwner: boolean, mayManage: boolean): HTMLElement => {
    const self = member.id === store.self;
    const items: MenuItem[] = [];
    if (mayManage && member.role === "member") items.push({ label: "Make admin", run: act((groups) => groups.addAdmins(id, [member.id])) });
    if (member.role === "admin" && (isOwner || self)) items.push({ label: "Dismiss as admin", run: act((groups) => groups.dismissAdmin(id, member.id)) });
    if (mayManage && member.role !== "owner" && !self) items.push({ label: "Remove from group", danger: true, run: act((groups) => groups.removeMember(id, member.id)) });
    const person = store.people.get(member.id);
    return h("li", { class: "member", "data-member": member.id },
      avatar(member.id, store.nameOf(member.id), person?.online, store.photoOf(member.id)),
      h("span", { class: "row-name" }, store.nameOf(member.id), self ? " (you)" : ""),
      member.role !== "member" && h("span", { class: "tag" }, ROLES[member.role]),
      items.length > 0 && menu(`Member ${store.nameOf(member.id)}`, items));
  };

  draw();
  void store.groups.look(id).then(draw, (failure) => (error.textContent = ChatError.of(failure).message));
}

/** Who has received and read an own message of a group. */
export function openReadBy(store: ChatStore, parent: HTMLElement, id: string, message: ShownMessage): void {
  const sequence = message.sequence ?? 0;
  const at = (when?: number): string => (when ? `${short(when) === time(when) ? "" : `${short(when)} `}${time(when)}` : "");
  const members = store.groups.others(id, sequence).sort((a, b) => b.read - a.read || b.delivered - a.delivered);
  const { of, read } = store.groups.reach(id, sequence);
  const dialog = show(parent, "Read by",
    h("h2", {}, `Read by ${read} of ${of}`),
    h("ul", { class: "members" }, ...members.map((member) => h("li", { class: "member", "data-member": member.id },
      avatar(member.id, store.nameOf(member.id), false, store.photoOf(member.id)),
      h("span", { class: "row-name" }, store.nameOf(member.id)),
      h("span", { class: "muted" }, member.read >= sequence ? `Read ${at(member.readAt)}` : member.delivered >= sequence ? `Delivered ${at(member.deliveredAt)}` : "Not yet")))),
    h("div", { class: "actions" }, h("button", { type: "button", click: () => dialog.close() }, "Close")));
}
