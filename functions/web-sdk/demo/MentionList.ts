import { isGroupId } from "../src/index.js";
import { avatar } from "./Avatar.js";
import type { ChatStore } from "./ChatStore.js";
import { bdi, h } from "./dom.js";

const MOST = 6;

interface Suggestion {
  id: string;
  name: string;
}

let lists = 0;

/** Completes `@…` in the field with members of the group. Arrows choose, Enter and Tab take, Escape closes. */
export class MentionList {
  readonly element: HTMLElement;
  private found: Suggestion[] = [];
  private chosen = 0;

  constructor(
    private readonly store: ChatStore,
    private readonly field: HTMLTextAreaElement,
    private readonly peer: () => string | undefined,
  ) {
    const id = `mentions-${++lists}`;
    this.element = h("div", { class: "mentions", role: "listbox", id, "aria-label": "Members", hidden: true });
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", id);
    field.addEventListener("input", () => this.look());
    field.addEventListener("click", () => this.look());
    field.addEventListener("blur", () => this.close());
  }

  /** @returns whether the key was for the list. */
  key(event: KeyboardEvent): boolean {
    if (this.element.hidden || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.choose((this.chosen + step + this.found.length) % this.found.length);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.found[this.chosen]!);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  private get begun(): RegExpMatchArray | null {
    return this.field.value.slice(0, this.field.selectionStart).match(/(^|\s)@([^\s@]*)$/u);
  }

  private look(): void {
    const peer = this.peer();
    const group = peer && isGroupId(peer) ? this.store.groups.details.get(peer) : undefined;
    const begun = this.begun;
    if (!group || !begun) return this.close();
    const text = begun[2]!.toLocaleLowerCase();
    const all = group.members.filter(({ id }) => id !== this.store.self).map(({ id }) => ({ id, name: this.store.nameOf(id) }));
    if (group.role !== "member") all.push({ id: "all", name: "Everybody in the group" });
    this.found = all.filter(({ id, name }) => id.toLocaleLowerCase().startsWith(text) || name.toLocaleLowerCase().split(/\s+/).some((word) => word.startsWith(text))).slice(0, MOST);
    if (this.found.length === 0) return this.close();
    this.element.replaceChildren(...this.found.map((found, i) => h("div", {
      class: "mention-option", role: "option", id: `${this.element.id}-${i}`,
      // The field keeps the focus.
      pointerdown: (event: PointerEvent) => {
        event.preventDefault();
        this.take(found);
      },
    }, found.id === "all" ? h("span", { class: "avatar", "aria-hidden": "true" }, "@") : avatar(found.id, found.name, undefined, this.store.photoOf(found.id)),
    bdi(found.name), h("small", { class: "muted" }, `@${found.id}`))));
    this.element.hidden = false;
    this.choose(0);
  }

  private choose(index: number): void {
    this.chosen = index;
    [...this.element.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    this.field.setAttribute("aria-activedescendant", `${this.element.id}-${index}`);
  }

  private take({ id }: Suggestion): void {
    const at = this.field.selectionStart;
    const start = at - this.begun![2]!.length;
    this.field.setRangeText(`${id} `, start, at, "end");
    this.close();
  }

  private close(): void {
    this.element.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }
}
